using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorMon.Testing.Http;

namespace ActorMon.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_request_in_flight_is_answered_before_the_node_ends()
    {
        await using var node = await new HostNode().StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.Port);
        var stream = client.GetStream();
        const string body = "query=vector(42)";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\nquery="));
        // Its handler runs now and waits for the rest of the body.
        await node.UntilAsync("another request is answered behind it", async () => await node.StatusAsync(HttpMethod.Get, "/-/healthy") == HttpStatusCode.OK);
        var clock = Stopwatch.StartNew();
        await node.SignalAsync("TERM");
        await node.UntilAsync("it listens no more", async () =>
        {
            try
            {
                await node.GetAsync("/-/healthy");
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        });
        Assert.False(node.HasExited);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("vector(42)"));
        var answer = await new StreamReader(stream).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"42\"", answer, StringComparison.Ordinal);
        Assert.Equal(0, await node.ExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
    }

    [Fact]
    public async Task A_client_that_never_finishes_does_not_hold_the_node()
    {
        await using var node = await new HostNode().StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.Port);
        await client.GetStream().WriteAsync("POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nquery="u8.ToArray());
        await node.StatusAsync(HttpMethod.Get, "/-/healthy");
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await node.StopAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
    }

    [Fact]
    public async Task Quit_over_http_ends_with_code_0()
    {
        await using var node = await new HostNode().StartAsync("--web.enable-lifecycle");
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/-/quit"));
        Assert.Equal(0, await node.ExitAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_sample_that_was_seen_is_there_after_a_stop_or_a_kill(bool kill)
    {
        var scrapes = 0;
        await using var target = LoopbackServer.Http(_ => HttpReply.Ok($"# TYPE seen counter\nseen {Interlocked.Increment(ref scrapes)}\nother{{a=\"b\"}} {scrapes * 0.5}\n"));
        await using var node = await new HostNode($"scrape_configs:\n  - job_name: t\n    scrape_interval: 50ms\n    scrape_timeout: 50ms\n    static_configs: [{{targets: ['127.0.0.1:{target.Port}']}}]\n").StartAsync();
        await node.UntilAsync("forty samples", async () => await node.ResultAsync("count(count_over_time(seen[1h]) > 40)") != "[]");
        var newest = double.NaN;
        // On a loaded machine the last scrape may have timed out; then the series is stale at this moment.
        await node.UntilAsync("a newest sample", async () =>
            !double.IsNaN(newest = double.Parse((await node.ResultAsync("scalar(timestamp(seen))")).Split('"')[1], CultureInfo.InvariantCulture)));
        var before = await node.ResultAsync("{job=\"t\"}[1h]", newest);
        Assert.Contains("seen", before, StringComparison.Ordinal);

        if (kill)
            await node.KillAsync();
        else
            Assert.Equal(0, await node.StopAsync());
        node.Configure("");
        await node.StartAsync();
        Assert.Equal(before, await node.ResultAsync("{job=\"t\"}[1h]", newest));
        Assert.Equal(0, await node.StopAsync());
    }
}
