using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>Debian's Prometheus has a node as its Alertmanager, at the root and below <c>/alertmanager</c>: what its rules say is paged, and its end.</summary>
[Trait("Category", "Peers")]
public sealed class PrometheusSends : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/alertmanager")]
    public async Task An_alert_of_a_real_Prometheus_pages_once_and_so_does_its_end(string prefix)
    {
        await using var hook = new ToldGroups();
        await using var node = await StartNodeAsync(hook);
        await using var prometheus = await StartPrometheusAsync(node, prefix);
        var writer = new RemoteWriter(prometheus);
        async Task<bool> OrdersAsync(double value, int told)
        {
            // Told again and again, as a target is scraped: a sample grows stale on a slow machine.
            await writer.SendAsync([([("__name__", "orders"), ("job", "shop")], TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), value)]);
            return Pages(hook).Count >= told;
        }

        await Eventually.Async("the page", () => OrdersAsync(12, 1), Patience);
        await Eventually.Async("Prometheus has told it again", async () => await OrdersAsync(12, 1) && await prometheus.ValueAsync("prometheus_notifications_sent_total") >= 3, Patience);
        var alert = Assert.Single((await AlertsAsync(node)).EnumerateArray());
        Assert.Equal("active", alert.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("12 orders", alert.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.StartsWith("http://here.example/prom/graph?g0.expr=orders", alert.GetProperty("generatorURL").GetString(), StringComparison.Ordinal);

        await Eventually.Async("the page of its end", () => OrdersAsync(9, 2), Patience);
        Assert.Equal(["firing", "resolved"], Pages(hook).Select(page => page.Content.Split('\n')[0]));
        Assert.All(Pages(hook), page => Assert.Contains("{alertname=TooManyOrders,cluster=north,job=shop}", page.Content, StringComparison.Ordinal));
        Assert.Equal(0, await prometheus.ValueAsync("sum(prometheus_notifications_errors_total)"));
    }

    private static IReadOnlyList<ToldGroup> Pages(ToldGroups hook) => [.. hook.ByGroup().Values.SelectMany(told => told).OrderBy(told => told.At)];

    private static async Task<JsonElement> AlertsAsync(Node node)
    {
        using var document = JsonDocument.Parse(await node.TextAsync("/api/v2/alerts"));
        return document.RootElement.Clone();
    }

    private async Task<Node> StartNodeAsync(ToldGroups hook)
    {
        await File.WriteAllTextAsync(_folder["alertmanager.yml"], $$"""
            route: {receiver: hook, group_by: [alertname], group_wait: 1s, group_interval: 2s, repeat_interval: 1h}
            receivers: [{name: hook, webhook_configs: [{url: '{{hook.Url}}'}]}]

            """);
        var node = new Node(_folder["node"], "", "--alertmanager.config.file=" + _folder["alertmanager.yml"]);
        await node.LaunchAsync();
        await node.ReadyAsync(Patience);
        return node;
    }

    private async Task<DebianPrometheus> StartPrometheusAsync(Node node, string prefix)
    {
        await File.WriteAllTextAsync(_folder["rules.yml"], """
            groups: [{name: shop, interval: 1s, rules: [{alert: TooManyOrders, expr: orders > 10, annotations: {summary: "{{ $value }} orders"}}]}]

            """);
        var prometheus = new DebianPrometheus(
            _folder["prometheus"],
            $$$"""
            global: {external_labels: {cluster: north}}
            rule_files: ["{{{_folder["rules.yml"]}}}"]
            scrape_configs: [{job_name: self, scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:{port}']}]}]
            alerting: {alertmanagers: [{path_prefix: {{{prefix}}}, static_configs: [{targets: ['{{{node.Address}}}']}]}]}

            """,
            "--web.enable-remote-write-receiver", "--web.external-url=http://here.example/prom", "--web.route-prefix=/", "--rules.alert.resend-delay=2s");
        await prometheus.StartAsync();
        return prometheus;
    }
}
