using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ActorMon.Api.Http;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;

namespace ActorMon.Api.Tests.Transport;

/// <summary>What needs a real HTTP pipeline: compression and answers larger than any buffer.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private readonly ApiWorld _world = new();
    private IHost _host = null!;

    public Task InitializeAsync()
    {
        _host = new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services => services.AddApiCompression())
            .Configure(app =>
            {
                app.UseResponseCompression();
                app.Run(_world.Handler);
            })).Build();
        return _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("")]
    public async Task Answers_are_compressed_as_the_client_asks(string encoding)
    {
        for (var i = 0; i < 2000; i++)
            _world.Storage.Add(LabelSet.Of("__name__", "up", "n", $"{i}"), ApiWorld.Now, 1);
        using var client = _host.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/query?query=up");
        if (encoding.Length > 0)
            request.Headers.Add("Accept-Encoding", encoding);
        using var response = await client.SendAsync(request);
        Assert.Equal(encoding, string.Join(",", response.Content.Headers.ContentEncoding));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using Stream plain = encoding switch { "gzip" => new GZipStream(body, CompressionMode.Decompress), "deflate" => new ZLibStream(body, CompressionMode.Decompress), _ => body };
        using var json = await JsonDocument.ParseAsync(plain);
        Assert.Equal(2000, json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength());
    }

    [Fact]
    public async Task A_large_answer_is_sent_while_it_is_written()
    {
        // Series that come lazily: the client reads the first bytes before the last series exists.
        var produced = 0;
        _world.Answer = _ => ApiWorld.Value(new MatrixValue(new LazySeries(5_000, () => produced++)));
        using var client = _host.GetTestClient();
        using var response = await client.GetAsync(new Uri("/api/v1/query?query=up", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var start = new byte[16];
        await body.ReadExactlyAsync(start);
        Assert.Equal("{\"status\":\"succe", Encoding.ASCII.GetString(start));
        Assert.InRange(produced, 1, 4_999);
        long rest = 0;
        var buffer = new byte[81920];
        while (await body.ReadAsync(buffer) is var read && read > 0)
            rest += read;
        Assert.Equal(5_000, produced);
        Assert.True(rest > 5_000 * 1000 * 10);
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_an_answer_breaks_it_off()
    {
        _world.Answer = _ => ApiWorld.Value(new MatrixValue(new LazySeries(5_000, () => throw new IOException("disk"), after: 1_000)));
        using var client = _host.GetTestClient();
        using var response = await client.GetAsync(new Uri("/api/v1/query?query=up", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        // Half an answer must never look like a whole one.
        await Assert.ThrowsAnyAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null));
    }

    private sealed class LazySeries(int count, Action produce, int after = 0) : IReadOnlyList<MatrixSeries>
    {
        private static readonly long[] Times = [.. Enumerable.Range(0, 1000).Select(i => i * 1000L)];
        private static readonly double[] Values = [.. Enumerable.Range(0, 1000).Select(i => (double)i)];

        public int Count => count;

        public MatrixSeries this[int index]
        {
            get
            {
                if (index >= after)
                    produce();
                return new MatrixSeries(LabelSet.Of("n", $"{index}"), Times, Values, null);
            }
        }

        public IEnumerator<MatrixSeries> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
