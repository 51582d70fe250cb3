using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
[Collection(SceneCollection.Name)]
public class RealProgramsAreScraped(Scene scene)
{
    private readonly Node _node = scene.Node;

    [Fact]
    public async Task Every_target_is_up_and_has_no_error()
    {
        foreach (var job in new[] { "shop", "flask", "node", "actormon" })
            await Eventually.Async($"{job} is up", async () => await _node.TargetAsync(job) == ("up", ""), Scene.Patience);
        Assert.Equal(4, (await _node.QueryAsync("up")).Count);
    }

    [Fact]
    public async Task The_labels_of_the_configuration_stand_on_every_series()
    {
        var value = await _node.QueryAsync("shop_stock", scene.Now);
        var remaining = 1000 - Scene.AllGets - Scene.AllPosts;
        Assert.Equal(new Dictionary<string, double> { [$"__name__=shop_stock,instance={scene.Shop.Metrics},job=shop,shelf=books"] = remaining }, value);
    }

    [Fact]
    public async Task Stored_values_are_exactly_what_the_program_counted_one_after_the_other()
    {
        var total = 0;
        var counted = Scene.PostOrders.Select(n => (total += n).ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var samples = Assert.Single(await _node.SamplesAsync("http_requests_total{method='post'}[10m]", scene.Now)).Value;
        var seen = samples.Select(s => s.Value).Distinct().ToList();
        Assert.Equal(counted, seen);
        Assert.Equal(samples.OrderBy(s => s.Time).Select(s => s.Time), samples.Select(s => s.Time));
    }

    [Fact]
    public async Task Each_kind_of_metric_of_the_client_library_arrives_with_its_parts()
    {
        Assert.Equal(Scene.AllGets, await _node.ValueAsync("http_requests_total{method=\"get\"}", scene.Now));
        Assert.Equal(8, await _node.ValueAsync("shop_order_size_count", scene.Now));
        Assert.Equal(Scene.AllGets + Scene.AllPosts, await _node.ValueAsync("shop_order_size_sum", scene.Now));
        var buckets = await _node.QueryAsync("sum by (le) (shop_latency_seconds_bucket)", scene.Now);
        Assert.Equal(new() { ["le=0.1"] = 3, ["le=0.5"] = 5, ["le=1.0"] = 7, ["le=+Inf"] = 8 }, buckets);
        Assert.Equal(2, (await _node.QueryAsync("http_requests_created", scene.Now)).Count);
        Assert.InRange((await _node.ValueAsync("shop_latency_seconds_created", scene.Now))!.Value, scene.Now - 600, scene.Now);
        Assert.Equal(4, await _node.ValueAsync("page_visits_total{page='home'}", scene.Now));
    }

    [Theory]
    [InlineData("http_requests", "counter", "Requests by method.")]
    [InlineData("shop_stock", "gauge", "Articles on the shelf.")]
    [InlineData("shop_order_size", "summary", "Articles of an order.")]
    [InlineData("shop_latency_seconds", "histogram", "Latency of an order.")]
    [InlineData("page_visits_total", "counter", "Visits of a page.")]
    [InlineData("node_load1", "gauge", "1m load average.")]
    [InlineData("node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode.")]
    public async Task Metadata_carries_type_and_help(string family, string type, string help)
    {
        var entry = Assert.Single((await _node.ApiAsync("metadata?metric=" + family)).GetProperty(family).EnumerateArray());
        Assert.Equal(type, entry.GetProperty("type").GetString());
        Assert.Equal(help, entry.GetProperty("help").GetString());
    }

    [Fact]
    public async Task Label_names_and_values_are_listed()
    {
        Assert.Equal(["get", "post"], Strings(await _node.ApiAsync("label/method/values")));
        Assert.Equal(["actormon", "flask", "node", "shop"], Strings(await _node.ApiAsync("label/job/values")));
        Assert.Superset(new HashSet<string>(["__name__", "instance", "job", "le", "method", "page", "shelf"]), Strings(await _node.ApiAsync("labels")).ToHashSet());
        var names = Strings(await _node.ApiAsync("label/__name__/values?match[]=" + Uri.EscapeDataString("{job='shop',__name__=~'shop_.*'}")));
        Assert.Equal(
            ["shop_latency_seconds_bucket", "shop_latency_seconds_count", "shop_latency_seconds_created", "shop_latency_seconds_sum",
             "shop_order_size_count", "shop_order_size_created", "shop_order_size_sum", "shop_stock"], names);
    }

    [Fact]
    public async Task The_node_scrapes_itself()
    {
        await Eventually.Async("it knows of its series", async () => await _node.ValueAsync("prometheus_tsdb_head_series{job='actormon'}") > 100, Scene.Patience);
        await Eventually.Async("it knows of its samples", async () => await _node.ValueAsync("prometheus_tsdb_head_samples_appended_total{type='float'}") > 1000, Scene.Patience);
        Assert.Equal(1, await _node.ValueAsync("prometheus_config_last_reload_successful"));
    }

    [Fact]
    public async Task Promtool_finds_no_fault_with_the_node_s_own_page()
    {
        // The peer's own names for these break promtool's rules, and dashboards know them by those names.
        string[] peersOwn = ["prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total", "_duration_histogram_seconds"];
        var page = Path.Combine(_node.Folder, "metrics.txt");
        await File.WriteAllLinesAsync(page, (await _node.TextAsync("/metrics")).Split('\n').Where(line => !peersOwn.Any(name => line.Contains(name, StringComparison.Ordinal))));
        await using var promtool = new RunningProcess("/bin/sh", ["-c", $"promtool check metrics < '{page}'"]);
        var code = await promtool.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("", promtool.Output);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/graph")]
    [InlineData("/targets")]
    [InlineData("/alerts")]
    public async Task A_browser_finds_a_page(string path) => Assert.Contains("<title>ActorMon", await _node.TextAsync(path), StringComparison.Ordinal);

    private static List<string> Strings(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];
}
