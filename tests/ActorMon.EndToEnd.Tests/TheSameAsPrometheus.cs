using System.Text.RegularExpressions;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>Debian's Prometheus scrapes the same programs; both are asked the same.</summary>
[Trait("Category", "Peers")]
[Collection(SceneCollection.Name)]
public sealed partial class TheSameAsPrometheus(Scene scene) : IAsyncLifetime
{
    private const string Scraped = "{job=~'shop|flask|node|dead'}";

    private readonly TestFolder _folder = new();
    private Node _node = null!;
    private DebianPrometheus _prometheus = null!;

    public async Task InitializeAsync()
    {
        var configuration = scene.Programs() + $$"""
              - job_name: dead
                static_configs: [{targets: ["127.0.0.1:{{FreePorts.Next()}}"]}]
            """;
        _node = new Node(_folder["node"], configuration);
        _prometheus = new DebianPrometheus(_folder["prometheus"], configuration);
        await Task.WhenAll(_node.StartAsync(), _prometheus.StartAsync());
        foreach (MetricsServer server in new MetricsServer[] { _node, _prometheus })
            await Eventually.Async("every target was scraped", async () =>
                (await server.QueryAsync($"up{Scraped}")).Count == 4 && (await server.QueryAsync("up{job=~'shop|flask|node'} == 1")).Count == 3, Scene.Patience);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _prometheus.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Both_have_the_same_series_the_same_up_and_the_same_metadata()
    {
        var ours = await SeriesAsync(_node);
        var theirs = await SeriesAsync(_prometheus);
        Assert.True(theirs.Count > 300, $"Prometheus has {theirs.Count} series only");
        Assert.Equal("", Differences(theirs, ours));

        Assert.Equal(await _prometheus.QueryAsync($"up{Scraped}"), await _node.QueryAsync($"up{Scraped}"));
        Assert.Equal("", Differences(await MetadataAsync(_prometheus), await MetadataAsync(_node)));
        foreach (var query in new[] { "http_requests_total", "shop_latency_seconds_bucket", "shop_order_size_sum", "page_visits_total", "node_uname_info", "shop_latency_seconds_created" })
            Assert.Equal(await _prometheus.QueryAsync(query), await _node.QueryAsync(query));
    }

    private static async Task<SortedSet<string>> SeriesAsync(MetricsServer server)
    {
        var series = await server.ApiAsync("series?match[]=" + Uri.EscapeDataString(Scraped));
        return new(series.EnumerateArray().Select(labels => WithFloats(MetricsServer.Labels(labels))).Where(IsSteady), StringComparer.Ordinal);
    }

    // What a running machine adds and drops between two scrapes: not the servers' doing.
    private static bool IsSteady(string labels) => !labels.StartsWith("__name__=node_filesystem", StringComparison.Ordinal) && !labels.StartsWith("__name__=node_network", StringComparison.Ordinal);

    // Since version 3 Prometheus writes the numbers of le and quantile as floats ("1.0"); Debian's version 2 keeps what the target wrote ("1").
    private static string WithFloats(string labels) => WholeBound().Replace(labels, match => match.Value + ".0");

    private static async Task<SortedSet<string>> MetadataAsync(MetricsServer server) => new(
        (await server.ApiAsync("metadata")).EnumerateObject().Where(family => !IsReport(family.Name)).SelectMany(family => family.Value.EnumerateArray(), (family, entry) =>
            $"{family.Name} {entry.GetProperty("type").GetString()} {entry.GetProperty("unit").GetString()} {entry.GetProperty("help").GetString()}"),
        StringComparer.Ordinal);

    // up and what else a scrape reports of itself has metadata since version 3 only.
    private static bool IsReport(string family) => family == "up" || family.StartsWith("scrape_", StringComparison.Ordinal);

    private static string Differences(SortedSet<string> theirs, SortedSet<string> ours) =>
        string.Join('\n', theirs.Except(ours).Select(s => "only Prometheus: " + s).Concat(ours.Except(theirs).Select(s => "only ActorMon: " + s)).Take(40));

    [GeneratedRegex("(?<=(^|,)(le|quantile)=)-?[0-9]+(?=(,|$))")]
    private static partial Regex WholeBound();
}
