using System.Globalization;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>Programs that were written for Prometheus work with a node: promtool's queries, and a Prometheus that reads from the node or federates it.</summary>
[Trait("Category", "Peers")]
[Collection(SceneCollection.Name)]
public sealed class ClientsOfPrometheus(Scene scene) : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private DebianPrometheus? _prometheus;

    private string Url => scene.Node.Url.ToString().TrimEnd('/');

    [Fact]
    public async Task Promtool_asks_for_an_instant_a_range_series_and_labels()
    {
        var now = scene.Now.ToString("0.###", CultureInfo.InvariantCulture); // as promtool writes times
        var orders = (Scene.AllGets + Scene.AllPosts).ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"{{}} => {orders} @[{now}]", await PromtoolAsync("instant", "--time=" + now, Url, "sum(http_requests_total)"));
        Assert.Equal($"scalar: 2 @[{now}]", await PromtoolAsync("instant", "--time=" + now, Url, "1+1"));

        var end = (long)scene.Now;
        var range = await PromtoolAsync("range", $"--start={end - 4}", $"--end={end}", "--step=2s", Url, "vector(time())");
        Assert.Equal(["{} =>", $"{end - 4} @[{end - 4}]", $"{end - 2} @[{end - 2}]", $"{end} @[{end}]"], range.Split('\n').Select(l => l.Trim()));

        var series = (await PromtoolAsync("series", "--match=http_requests_total", Url)).Split('\n');
        Assert.Equal(2, series.Length);
        Assert.All(series, line => Assert.StartsWith("{__name__=\"http_requests_total\", instance=", line, StringComparison.Ordinal));
        Assert.Equal("get\npost", await PromtoolAsync("labels", Url, "method"));

        var wrong = await RunAsync("instant", Url, "sum(");
        Assert.Contains("unclosed left parenthesis", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Prometheus_reads_samples_from_a_node()
    {
        _prometheus = new DebianPrometheus(_folder["reader"], $$"""
            remote_read: [{url: "{{Url}}/api/v1/read", read_recent: true}]
            """);
        await _prometheus.StartAsync();
        foreach (var selector in new[] { "http_requests_total[10m]", "shop_latency_seconds_bucket[1m]", "{job=~'flask|node',__name__!~'scrape.*'}[30s]", "up[10m]" })
        {
            var theirs = await _prometheus.SamplesAsync(selector, scene.Now);
            var ours = await scene.Node.SamplesAsync(selector, scene.Now);
            Assert.NotEmpty(ours);
            Assert.Equal(ours.Keys.Order(StringComparer.Ordinal), theirs.Keys.Order(StringComparer.Ordinal));
            foreach (var (series, samples) in ours)
                Assert.Equal(samples, theirs[series]);
        }
        Assert.Equal(Scene.AllGets + Scene.AllPosts, await _prometheus.ValueAsync("sum(http_requests_total)", scene.Now));
    }

    [Fact]
    public async Task A_Prometheus_federates_a_node()
    {
        _prometheus = new DebianPrometheus(_folder["federator"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: federate
                honor_labels: true
                metrics_path: /federate
                params: {"match[]": ['{job=~"shop|flask"}', 'http_requests_total']}
                static_configs: [{targets: ["{{scene.Node.Address}}"]}]
            """);
        await _prometheus.StartAsync();
        await Eventually.Async("both orders are federated", async () => (await _prometheus.QueryAsync("http_requests_total")).Count == 2, Scene.Patience);
        Assert.Equal(await scene.Node.QueryAsync("http_requests_total"), await _prometheus.QueryAsync("http_requests_total"));
        Assert.Equal(await scene.Node.QueryAsync("count by (job) ({job='flask'})"), await _prometheus.QueryAsync("count by (job) ({job='flask'})"));
    }

    [Fact]
    public async Task Both_answer_with_the_same_shapes_and_the_same_errors()
    {
        _prometheus = new DebianPrometheus(_folder["beside"], scene.Programs());
        await _prometheus.StartAsync();
        await Eventually.Async("every target was scraped", async () => (await _prometheus.QueryAsync("up == 1")).Count >= 3, Scene.Patience);
        string[] targets =
        [
            "query?query=up", "query?query=1", "query?query=\"a\"", "query?query=up[10s]", "query?query=(", "query?query=up&timeout=x", "query_range?query=up&start=1&end=0&step=1",
            "query_range?query=up&start=0&end=100000&step=1", "query_range?query=up&start=0&end=1&step=0", "query_range?query=up", "query_range?query=up&start=0&end=10&step=1",
            "query_exemplars?query=up", "format_query?query=sum(up)by(a)", "format_query?query=(", "labels", "labels?match[]={}", "label/job/values", "series", "series?match[]=up{",
            "series?match[]=up&x=%zz", "metadata?limit=x", "metadata?metric=http_requests_total", "targets/metadata?metric=http_requests_total", "targets/metadata?match_target={", "rules",
            "rules?type=x", "alerts", "alertmanagers", "status/config", "status/buildinfo", "status/walreplay",
        ];
        foreach (var target in targets)
            Assert.Equal(target + " " + await ShownAsync(_prometheus, target), target + " " + await ShownAsync(scene.Node, target));
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Status and shape of an answer; of an error also its texts.</summary>
    private static async Task<string> ShownAsync(MetricsServer server, string target)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(server.Url, "/api/v1/" + target));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {(answer.IsSuccessStatusCode ? Shape(json.RootElement) : json.RootElement.GetRawText())}";
    }

    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        // Label names and metric names are data, not shape; the order of fields is neither.
        JsonValueKind.Object => "{" + string.Join(",", element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Name is "metric" or "target" ? p.Name : $"{p.Name}:{Shape(p.Value)}")) + "}",
        JsonValueKind.Array => element.GetArrayLength() == 0 ? "[]" : $"[{Shape(element[0])}]",
        var kind => kind.ToString(),
    };

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        var (exit, text) = await RunAsync(arguments);
        Assert.Equal((0, text), (exit, text));
        return text;
    }

    private static async Task<(int Exit, string Text)> RunAsync(params string[] arguments)
    {
        await using var process = new RunningProcess("promtool", ["query", .. arguments]);
        var exit = await process.WaitForExitAsync(Scene.Patience);
        await Eventually.Async("promtool has written", () => Task.FromResult(process.Output.Length > 0), Scene.Patience);
        return (exit, process.Output.TrimEnd());
    }
}
