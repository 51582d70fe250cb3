using System.Globalization;
using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A target in this process that shows as many series as a test wants; the value of each is the number of the scrape.</summary>
public sealed class GrowingTarget : ScrapedPages
{
    private int _scrapes;

    public volatile int Series = 1;

    public int Scrapes => Volatile.Read(ref _scrapes);

    protected override string Page(string path, IPEndPoint client)
    {
        var scrape = Interlocked.Increment(ref _scrapes);
        var page = new StringBuilder("# TYPE growing gauge\n");
        for (var s = 0; s < Series; s++)
            page.Append(CultureInfo.InvariantCulture, $"growing{{s=\"{s}\"}} {scrape}\n");
        return page.ToString();
    }
}
