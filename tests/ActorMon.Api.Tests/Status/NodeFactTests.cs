using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.Status;

public sealed class NodeFactTests
{
    [Fact]
    public async Task Features_are_shown_in_order()
    {
        var world = new ApiWorld(s => s with
        {
            FeatureList = new Dictionary<string, IReadOnlyDictionary<string, bool>>
            {
                ["promql"] = new Dictionary<string, bool> { [">="] = true, ["<"] = false },
                ["api"] = new Dictionary<string, bool>(),
            },
        });
        Assert.Equal("""{"api":{},"promql":{"<":false,">=":true}}""", (await world.Get("/api/v1/features")).Data.GetRawText());
    }

    [Fact]
    public async Task The_progress_of_a_start_is_told_before_the_node_is_ready()
    {
        var world = new ApiWorld();
        world.Node.IsReady = false;
        Assert.Equal("""{"min":0,"max":4,"current":3}""", (await world.Get("/api/v1/status/walreplay")).Data.GetRawText());
    }

    [Fact]
    public async Task Self_metrics_are_messages_in_protobuf_JSON()
    {
        var world = new ApiWorld();
        world.Metrics.Counters("t_requests_total", "Requests.", "code").With("200").Add(3);
        world.Metrics.Gauge("t_load", "Load.", () => double.PositiveInfinity);
        world.Metrics.Histogram("t_seconds", "Time.", [0.5, 1]).Observe(0.7);
        Assert.Equal(
            """[{"name":"t_load","help":"Load.","type":"GAUGE","metric":[{"gauge":{"value":"Infinity"}}]},"""
            + """{"name":"t_requests_total","help":"Requests.","type":"COUNTER","metric":[{"label":[{"name":"code","value":"200"}],"counter":{"value":3}}]},"""
            + """{"name":"t_seconds","help":"Time.","type":"HISTOGRAM","metric":[{"histogram":{"sampleCount":"1","sampleSum":0.7,"bucket":[{"cumulativeCount":"0","upperBound":0.5},{"cumulativeCount":"1","upperBound":1}]}}]}]""",
            (await world.Get("/api/v1/status/self_metrics?metric_name_pattern=t_.*")).Data.GetRawText());
        Assert.StartsWith("400 bad_data: invalid metric_name_pattern: ", (await world.Get("/api/v1/status/self_metrics?metric_name_pattern=(")).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finished_files_are_shown_as_blocks()
    {
        var world = new ApiWorld();
        Assert.Equal("""{"blocks":[]}""", (await world.Get("/api/v1/status/tsdb/blocks")).Data.GetRawText());
        world.Storage.StoredBlocks.Add(new Ports.StoredBlock("p-03/7", 1000, 1999, 50, 5, 0));
        Assert.Equal(
            """{"blocks":[{"ulid":"p-03/7","minTime":1000,"maxTime":2000,"stats":{"numSamples":50,"numSeries":5},"compaction":{"level":1,"sources":["p-03/7"]},"version":1}]}""",
            (await world.Get("/api/v1/status/tsdb/blocks")).Data.GetRawText());
    }

    [Theory]
    [InlineData("", "openapi: 3.1.0")]
    [InlineData("?openapi_version=3.1", "openapi: 3.1.0")]
    [InlineData("?openapi_version=3.2", "openapi: 3.2.0")]
    [InlineData("?openapi_version=9", "openapi: 3.1.0")]
    public async Task The_API_is_described_in_two_versions(string query, string first)
    {
        var reply = await new ApiWorld().Get("/api/v1/openapi.yaml" + query);
        Assert.Equal((200, "application/yaml; charset=utf-8", "no-cache, no-store, must-revalidate"), (reply.Status, reply.ContentType, reply.Headers.CacheControl.ToString()));
        Assert.Equal(first, reply.Text.Split('\n')[0]);
        Assert.Contains("- url: 'http://monitor.example:9090/api/v1'", reply.Text, StringComparison.Ordinal);
        Assert.Equal(first.EndsWith("3.2.0", StringComparison.Ordinal), reply.Text.Contains("/notifications/live:", StringComparison.Ordinal));
    }
}
