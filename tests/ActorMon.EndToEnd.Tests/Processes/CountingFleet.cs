using System.Globalization;
using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>
/// Several targets in this process. Series s of a target shows <c>n + s/1024</c> at the target's scrape number n: from any stored sample can be told which scrape it
/// came from, and that no other value was ever shown.
/// </summary>
public sealed class CountingFleet : IAsyncDisposable
{
    public const int SeriesPerTarget = 8;

    private readonly HttpListener _listener = new();
    private readonly long[] _scrapes;
    private readonly int _port = FreePorts.Next();
    private readonly Task _serving;

    public CountingFleet(int targets)
    {
        _scrapes = new long[targets];
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Targets => _scrapes.Length;

    /// <summary>A static_configs list of all targets, told apart by the label pod.</summary>
    public string StaticConfigs() => "[" + string.Join(", ", Enumerable.Range(0, Targets).Select(t =>
        $$"""{targets: ["127.0.0.1:{{_port}}"], labels: {__metrics_path__: "/{{t}}", instance: "pod-{{t}}", pod: "{{t}}"} }""")) + "]";

    /// <summary>Scrapes of a target so far: no stored value is greater than this plus one.</summary>
    public long Scrapes(int target) => Volatile.Read(ref _scrapes[target]);

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
                var target = int.Parse(context.Request.Url!.AbsolutePath.AsSpan(1), CultureInfo.InvariantCulture);
                var scrape = Interlocked.Increment(ref _scrapes[target]);
                var page = new StringBuilder("# TYPE fleet gauge\n");
                for (var s = 0; s < SeriesPerTarget; s++)
                    page.Append(CultureInfo.InvariantCulture, $"fleet{{s=\"{s}\"}} {scrape + s / 1024.0:R}\n");
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The node was killed in the middle of the answer.
            }
        }
    }
}
