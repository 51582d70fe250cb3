using System.Globalization;
using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A target in this process that shows as many series as a test wants; the value of each is the number of the scrape.</summary>
public sealed class GrowingTarget : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int _port = FreePorts.Next();
    private readonly Task _serving;
    private int _scrapes;

    public GrowingTarget()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public volatile int Series = 1;

    public int Scrapes => Volatile.Read(ref _scrapes);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            try
            {
                var scrape = Interlocked.Increment(ref _scrapes);
                var page = new StringBuilder("# TYPE growing gauge\n");
                for (var s = 0; s < Series; s++)
                    page.Append(CultureInfo.InvariantCulture, $"growing{{s=\"{s}\"}} {scrape}\n");
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The node went away in the middle of the answer.
            }
        }
    }
}
