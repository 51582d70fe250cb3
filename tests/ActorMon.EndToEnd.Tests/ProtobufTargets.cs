using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
public class ProtobufTargets
{
    [Fact]
    public async Task A_Go_program_gives_the_same_series_over_protobuf_as_over_text()
    {
        using var folder = new TestFolder();
        await using var exporter = Target.NodeExporter();
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 5s}
            scrape_configs:
              - job_name: text
                scrape_protocols: [PrometheusText0.0.4]
                static_configs: [{targets: ["{{exporter.Metrics}}"] }]
              - job_name: protobuf
                scrape_protocols: [PrometheusProto]
                static_configs: [{targets: ["{{exporter.Metrics}}"] }]
            """);
        await exporter.StartAsync();
        await node.StartAsync();
        await Eventually.Async("both jobs are up", async () => (await node.QueryAsync("up == 1")).Count == 2, Scene.Patience);
        const string Steady = "__name__!~'node_(filesystem|network).*'";
        var text = (await node.QueryAsync($"{{job='text',{Steady}}}")).Keys.Select(k => k.Replace("job=text", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var protobuf = (await node.QueryAsync($"{{job='protobuf',{Steady}}}")).Keys.Select(k => k.Replace("job=protobuf", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.True(text.Count > 200);
        Assert.Empty(text.Except(protobuf));
        Assert.Empty(protobuf.Except(text));
    }

    [Fact]
    public async Task A_native_histogram_is_scraped_stored_and_asked_as_Prometheus_does()
    {
        using var folder = new TestFolder();
        await using var native = Target.Native();
        var configuration = (string more) => $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: native
                {{more}}
                static_configs: [{targets: ["{{native.Metrics}}"] }]
            """;
        await using var node = new Node(folder["node"], configuration("scrape_native_histograms: true"));
        await using var prometheus = new DebianPrometheus(folder["prometheus"], configuration(""), "--enable-feature=native-histograms");
        await native.StartAsync();
        await Task.WhenAll(node.StartAsync(), prometheus.StartAsync());
        foreach (var seconds in new[] { 0.01, 0.011, 0.02, 0.3, 0.31, 0.32, 1.5, 40 })
            await native.GetAsync("/observe/" + seconds.ToString(CultureInfo.InvariantCulture));
        foreach (MetricsServer server in new MetricsServer[] { node, prometheus })
            await Eventually.Async("the observations are scraped", async () => await server.ValueAsync("observations_total") == 8, Scene.Patience);

        Assert.Equal(8, await node.ValueAsync("histogram_count(latency_seconds{path='/'})"));
        Assert.Equal((await prometheus.ValueAsync("histogram_sum(latency_seconds)"))!.Value, (await node.ValueAsync("histogram_sum(latency_seconds)"))!.Value);
        Assert.Equal(await BucketsAsync(prometheus), await BucketsAsync(node));
        Assert.Equal("histogram", (await node.ApiAsync("metadata?metric=latency_seconds")).GetProperty("latency_seconds")[0].GetProperty("type").GetString());
    }

    private static async Task<string> BucketsAsync(MetricsServer server) =>
        (await server.ApiAsync("query?query=latency_seconds")).GetProperty("result")[0].GetProperty("histogram")[1].GetRawText();
}
