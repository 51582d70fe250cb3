using System.Globalization;
using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>
/// Several targets in this process. Series s of a target shows <c>n + s/1024</c> at the target's scrape number n: from any stored sample can be told which scrape it
/// came from, and that no other value was ever shown.
/// </summary>
public sealed class CountingFleet(int targets) : ScrapedPages
{
    public const int SeriesPerTarget = 8;

    private readonly long[] _scrapes = new long[targets];

    public int Targets => _scrapes.Length;

    /// <summary>A static_configs list of all targets, told apart by the label pod.</summary>
    public string StaticConfigs() => "[" + string.Join(", ", Enumerable.Range(0, Targets).Select(t =>
        $$"""{targets: ["{{Address}}"], labels: {__metrics_path__: "/{{t}}", instance: "pod-{{t}}", pod: "{{t}}"} }""")) + "]";

    /// <summary>Scrapes of a target so far: no stored value is greater than this plus one.</summary>
    public long Scrapes(int target) => Volatile.Read(ref _scrapes[target]);

    protected override string Page(string path, IPEndPoint client)
    {
        var target = int.Parse(path.AsSpan(1), CultureInfo.InvariantCulture);
        var scrape = Interlocked.Increment(ref _scrapes[target]);
        var page = new StringBuilder("# TYPE fleet gauge\n");
        for (var s = 0; s < SeriesPerTarget; s++)
            page.Append(CultureInfo.InvariantCulture, $"fleet{{s=\"{s}\"}} {scrape + s / 1024.0:R}\n");
        return page.ToString();
    }
}
