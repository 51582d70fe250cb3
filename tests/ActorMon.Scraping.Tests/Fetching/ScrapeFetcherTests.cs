using System.IO.Compression;
using System.Text;
using ActorMon.Http;
using ActorMon.Http.Options;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Fetching;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;
using ActorMon.Testing.Http;

namespace ActorMon.Scraping.Tests.Fetching;

/// <summary>Targets that hang, lie, explode or never end, over real sockets: each costs one fetch and gives a clear text.</summary>
public sealed class ScrapeFetcherTests : IDisposable
{
    private static readonly ScraperOptions Options = new() { Partitions = 4, MaxBodyBytes = 4 << 20 };
    private readonly HttpMessageInvoker _client = HttpClients.Create(HttpClientOptions.Default, HttpClientContext.Default);

    public void Dispose() => _client.Dispose();

    private async Task<(string Body, FetchResult Result)> Fetch(string address, Func<ScrapeJob, ScrapeJob>? change = null)
    {
        var job = (change ?? (j => j))(new ScrapeJob { Name = "j" });
        var target = TargetBuilder.Build(job, LabelSet.Of("__address__", address)).Target!;
        var result = await ScrapeFetcher.FetchAsync(_client, new FetchRequest(target, job, Options), 0, TimeProvider.System, default);
        using (result.Body)
            return (result.Body is null ? "" : Encoding.UTF8.GetString(result.Body.Written.Span), result);
    }

    private static Func<ScrapeJob, ScrapeJob> Timeout(int milliseconds) => j => j with { Timeout = TimeSpan.FromMilliseconds(milliseconds) };

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] GzipAnswer(byte[] packed, int? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: {length ?? packed.Length}\r\n\r\n"), .. packed];

    [Fact]
    public async Task The_request_says_who_asks_and_what_for()
    {
        var heads = new List<string>();
        await using var server = new ScriptedResponder(async (head, stream, stop) =>
        {
            heads.Add(head);
            await stream.WriteAsync(ScriptedResponder.Answer("a 1\n"), stop);
            return true;
        });
        var (body, result) = await Fetch(server.Address, j => j with { Timeout = TimeSpan.FromSeconds(2.5) });
        Assert.Equal(("a 1\n", "text/plain; version=0.0.4", ""), (body, result.ContentType, result.Error));
        await Fetch(server.Address, j => j with { EnableCompression = false });
        Assert.StartsWith("GET /metrics HTTP/1.1\r\n", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: ActorMon/", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nAccept-Encoding: gzip\r\n", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nX-Prometheus-Scrape-Timeout-Seconds: 2.5\r\n", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nAccept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nAccept-Encoding: identity\r\n", heads[1], StringComparison.Ordinal);
        Assert.Contains("\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n", heads[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzipped_body_is_unpacked()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"metric_{i} {i}\n"));
        await using var server = ScriptedResponder.Always(GzipAnswer(Gzip(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(text, (await Fetch(server.Address)).Body);
    }

    [Fact]
    public async Task A_gzip_bomb_stops_at_the_limit()
    {
        // 1 GB of zeroes in about 1 MB, packed once as many small members' worth of one stream.
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            for (var i = 0; i < 256; i++)
                gzip.Write(new byte[1 << 20]);
        await using var server = ScriptedResponder.Always(GzipAnswer(packed.ToArray()));
        var (_, node) = await Fetch(server.Address);
        Assert.Equal("body size limit exceeded: more than the 4194304 bytes this node reads (--scrape.max-body-size)", node.Error);
        var (_, job) = await Fetch(server.Address, j => j with { BodySizeLimit = 1000 });
        Assert.Equal(("body size limit exceeded", FetchFault.BodySizeLimit), (job.Error, job.Fault));
    }

    [Fact]
    public async Task A_body_without_end_stops_at_the_limit()
    {
        var sent = 0L;
        await using var server = new ScriptedResponder(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1073741824\r\n\r\n"u8.ToArray(), stop);
            var block = new byte[1 << 16];
            Array.Fill(block, (byte)'x');
            for (; sent < 1L << 30; sent += block.Length)
                await stream.WriteAsync(block, stop);
            return false;
        });
        var (_, result) = await Fetch(server.Address);
        Assert.Equal(FetchFault.BodySizeLimit, result.Fault);
        Assert.InRange(Interlocked.Read(ref sent), 0, 64 << 20);
    }

    [Fact]
    public async Task The_limit_counts_the_bytes_of_the_limit_as_too_many()
    {
        await using var server = ScriptedResponder.Always(ScriptedResponder.Answer("a 1\n"));
        Assert.Equal("body size limit exceeded", (await Fetch(server.Address, j => j with { BodySizeLimit = 4 })).Result.Error);
        Assert.Equal("", (await Fetch(server.Address, j => j with { BodySizeLimit = 5 })).Result.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_target_that_hangs_costs_its_timeout(int bytesFirst)
    {
        var answer = ScriptedResponder.Answer(new string('x', 1000));
        await using var server = new ScriptedResponder(async (_, stream, stop) =>
        {
            await stream.WriteAsync(answer.AsMemory(0, bytesFirst * 2), stop);
            await Task.Delay(System.Threading.Timeout.Infinite, stop);
            return false;
        });
        var (_, result) = await Fetch(server.Address, Timeout(150));
        Assert.Equal(bytesFirst == 0 ? $"Get \"http://{server.Address}/metrics\": context deadline exceeded" : "context deadline exceeded", result.Error);
    }

    [Fact]
    public async Task A_body_shorter_than_promised_is_an_error()
    {
        await using var server = ScriptedResponder.Always("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\na 1\n");
        Assert.Equal("unexpected EOF", (await Fetch(server.Address)).Result.Error);
    }

    [Fact]
    public async Task A_huge_promised_length_reserves_nothing()
    {
        await using var server = ScriptedResponder.Always("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000000000\r\n\r\na 1\n");
        Assert.Equal("unexpected EOF", (await Fetch(server.Address)).Result.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(40)]
    public async Task A_gzip_stream_that_breaks_off_is_an_error(int cut)
    {
        var packed = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"m{i} {i}\n"))));
        await using var server = ScriptedResponder.Always(GzipAnswer(packed[..^cut]));
        Assert.Equal("unexpected EOF", (await Fetch(server.Address)).Result.Error);
    }

    [Fact]
    public async Task Garbage_that_claims_to_be_gzip_is_an_error()
    {
        await using var server = ScriptedResponder.Always(GzipAnswer("this is not gzip at all, is it"u8.ToArray()));
        Assert.StartsWith("gzip: invalid", (await Fetch(server.Address)).Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_instead_of_http_is_an_error()
    {
        await using var server = ScriptedResponder.Always("\u0001\u0002 what\r\n\r\n");
        Assert.StartsWith($"Get \"http://{server.Address}/metrics\": ", (await Fetch(server.Address)).Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_is_named()
    {
        string address;
        await using (var server = ScriptedResponder.Always(""))
            address = server.Address;
        Assert.Equal($"Get \"http://{address}/metrics\": dial tcp {address}: connect: connection refused", (await Fetch(address)).Result.Error);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("404 Not Found")]
    [InlineData("204 No Content")]
    public async Task Any_status_but_200_is_an_error(string status)
    {
        await using var server = ScriptedResponder.Always(ScriptedResponder.Answer(status.StartsWith("204", StringComparison.Ordinal) ? "" : "a 1\n", status: status));
        Assert.Equal($"server returned HTTP status {status}", (await Fetch(server.Address)).Result.Error);
    }

    [Fact]
    public async Task Redirects_are_followed_unless_the_job_forbids_it()
    {
        await using var server = new ScriptedResponder(async (head, stream, stop) =>
        {
            await stream.WriteAsync(head.StartsWith("GET /there ", StringComparison.Ordinal)
                ? ScriptedResponder.Answer("a 1\n")
                : ScriptedResponder.Answer("", status: "302 Found", moreHeaders: "Location: /there\r\n"), stop);
            return true;
        });
        Assert.Equal("a 1\n", (await Fetch(server.Address)).Body);
        using var stubborn = HttpClients.Create(HttpClientOptions.Default with { FollowRedirects = false }, HttpClientContext.Default);
        var job = new ScrapeJob { Name = "j" };
        var target = TargetBuilder.Build(job, LabelSet.Of("__address__", server.Address)).Target!;
        var result = await ScrapeFetcher.FetchAsync(stubborn, new FetchRequest(target, job, Options), 0, TimeProvider.System, default);
        Assert.Equal("server returned HTTP status 302 Found", result.Error);
    }

    [Fact]
    public async Task The_same_request_is_sent_again_on_the_same_connection()
    {
        await using var server = new ScriptedResponder(async (_, stream, stop) =>
        {
            await stream.WriteAsync(ScriptedResponder.Answer("a 1\n"), stop);
            return true;
        });
        var job = new ScrapeJob { Name = "j" };
        var request = new FetchRequest(TargetBuilder.Build(job, LabelSet.Of("__address__", server.Address)).Target!, job, Options);
        for (var i = 0; i < 3; i++)
        {
            var result = await ScrapeFetcher.FetchAsync(_client, request, 4, TimeProvider.System, default);
            Assert.Equal("", result.Error);
            result.Body!.Dispose();
        }
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task Giving_up_is_no_result()
    {
        await using var server = new ScriptedResponder(async (_, _, stop) =>
        {
            await Task.Delay(System.Threading.Timeout.Infinite, stop);
            return false;
        });
        var job = new ScrapeJob { Name = "j" };
        var request = new FetchRequest(TargetBuilder.Build(job, LabelSet.Of("__address__", server.Address)).Target!, job, Options);
        using var stop = new CancellationTokenSource();
        var fetch = ScrapeFetcher.FetchAsync(_client, request, 0, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }
}
