using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
[Collection(SceneCollection.Name)]
public class QueriesOfEveryIntroduction(Scene scene)
{
    private readonly Node _node = scene.Node;

    private string Shop(string method) => $"instance={scene.Shop.Metrics},job=shop,method={method},shelf=books";

    [Fact]
    public async Task A_comparison_keeps_the_series_that_are_above() => Assert.Equal(
        new Dictionary<string, double> { ["__name__=http_requests_total," + Shop("post")] = Scene.AllPosts },
        await _node.QueryAsync("http_requests_total > 100", scene.Now));

    [Fact]
    public async Task Single_and_double_quotes_and_every_matcher_select()
    {
        foreach (var matcher in new[] { "method='get'", "method=\"get\"", "method!='post'", "method=~'g.*'", "method!~'p.+'", "method='get',job='shop'" })
            Assert.Equal(Scene.AllGets, await _node.ValueAsync($"http_requests_total{{{matcher}}}", scene.Now));
        Assert.Empty(await _node.QueryAsync("http_requests_total{method='put'}", scene.Now));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("post")]
    public async Task Rate_and_increase_follow_from_the_stored_samples(string method)
    {
        var selector = $"http_requests_total{{method='{method}'}}";
        var samples = Assert.Single(await _node.SamplesAsync(selector + "[5m]", scene.Now)).Value;
        var expected = CounterArithmetic.Increase(samples, scene.Now, 300);
        Assert.True(expected > 0);
        Near(expected, await _node.ValueAsync($"increase({selector}[5m])", scene.Now));
        Near(expected / 300, await _node.ValueAsync($"rate({selector}[5m])", scene.Now));
    }

    [Fact]
    public async Task Sum_by_adds_what_shares_the_label_wherever_by_stands()
    {
        var rates = await _node.QueryAsync("rate(http_requests_total[5m])", scene.Now);
        foreach (var query in new[] { "sum(rate(http_requests_total[5m])) by (method)", "sum by (method) (rate(http_requests_total[5m]))" })
        {
            var sums = await _node.QueryAsync(query, scene.Now);
            Assert.Equal(["method=get", "method=post"], sums.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(rates[Shop("get")], sums["method=get"]);
            Assert.Equal(rates[Shop("post")], sums["method=post"]);
        }
        Assert.Equal(Scene.AllGets + Scene.AllPosts, await _node.ValueAsync("sum(http_requests_total)", scene.Now));
    }

    [Fact]
    public async Task Topk_keeps_the_largest() =>
        Assert.Equal(["__name__=http_requests_total," + Shop("post")], (await _node.QueryAsync("topk(1, http_requests_total)", scene.Now)).Keys);

    [Theory]
    [InlineData(0.25, 0.1 * 2 / 3)]
    [InlineData(0.5, 0.3)]
    [InlineData(0.75, 0.75)]
    [InlineData(0.99, 1.0)]
    public async Task Histogram_quantile_interpolates_in_the_bucket(double quantile, double expected) => Near(expected,
        await _node.ValueAsync($"histogram_quantile({quantile.ToString(CultureInfo.InvariantCulture)}, shop_latency_seconds_bucket)", scene.Now));

    [Fact]
    public async Task The_average_order_is_a_quotient_of_two_series() => Near((Scene.AllGets + Scene.AllPosts) / 8.0,
        await _node.ValueAsync("shop_order_size_sum / shop_order_size_count", scene.Now));

    [Fact]
    public async Task A_range_query_answers_each_step_as_an_instant_query_would()
    {
        var text = (string query) => $"query_range?query={Uri.EscapeDataString(query)}&start={scene.Now - 10:F3}&end={scene.Now:F3}&step=2";
        var answer = Assert.Single((await _node.ApiAsync(text("sum(increase(http_requests_total[30s]))"))).GetProperty("result").EnumerateArray());
        foreach (var point in answer.GetProperty("values").EnumerateArray())
            Near(MetricsServer.Number(point[1].GetString()!), await _node.ValueAsync("sum(increase(http_requests_total[30s]))", point[0].GetDouble()));
    }

    [Fact]
    public async Task Node_exporter_s_usual_questions_have_answers()
    {
        Assert.InRange((await _node.ValueAsync("node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", scene.Now))!.Value, 0.0001, 1);
        Assert.Equal(Environment.ProcessorCount, (await _node.QueryAsync("count by (cpu) (node_cpu_seconds_total)", scene.Now)).Count);
        await Eventually.Async("two scrapes of node_exporter",
            async () => (await _node.QueryAsync("sum by (mode) (rate(node_cpu_seconds_total[1m]))")).ContainsKey("mode=idle"), Scene.Patience);
    }

    private static void Near(double expected, double? actual)
    {
        Assert.NotNull(actual);
        Assert.InRange(actual.Value, expected - Math.Abs(expected) * 1e-9, expected + Math.Abs(expected) * 1e-9);
    }
}
