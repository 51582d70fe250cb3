using System.Text.RegularExpressions;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>What an Alertmanager gets from a node: the real one, and byte by byte beside what Prometheus sends.</summary>
public sealed partial class AlertsReachAlertmanagers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_real_Alertmanager_receives_an_alert_and_its_end()
    {
        await using var alertmanager = new DebianAlertmanager(_folder["am"]);
        await alertmanager.StartAsync();
        File.WriteAllText(_folder["rules.yml"], """
            groups:
              - name: shop
                interval: 1s
                rules:
                  - alert: TooManyOrders
                    expr: orders > 10
                    annotations: {summary: "{{ $value }} orders"}

            """);
        await using var node = new Node(_folder["node"], Configuration(alertmanager.Address, ""), "--web.enable-remote-write-receiver", "--rules.alert.resend-delay=5s");
        await node.StartAsync();
        var writer = new RemoteWriter(node);
        Task OrdersAsync(double value) =>
            writer.SendAsync([([("__name__", "orders"), ("job", "shop")], TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), value)]);

        await OrdersAsync(12);
        await Eventually.Async("the alert fires", async () => (await alertmanager.FiringAsync()).SequenceEqual(["TooManyOrders"]), Patience);
        var alert = (await alertmanager.TextAsync("/api/v2/alerts"));
        Assert.Contains("\"summary\":\"12 orders\"", alert, StringComparison.Ordinal);
        Assert.Contains("\"job\":\"shop\"", alert, StringComparison.Ordinal);

        await OrdersAsync(9);
        await Eventually.Async("the alert has ended", async () => (await alertmanager.FiringAsync()).Length == 0, Patience);
        Assert.True(await node.ValueAsync("count(ALERTS)") is null);
        Assert.Equal([$"http://{alertmanager.Address}/api/v2/alerts"], (await node.ApiAsync("alertmanagers")).GetProperty("activeAlertmanagers").EnumerateArray().Select(a => a.GetProperty("url").GetString()!));
    }

    [Fact]
    public async Task An_Alertmanager_gets_the_same_bytes_as_from_Prometheus()
    {
        File.WriteAllText(_folder["rules.yml"], """
            groups:
              - name: g
                interval: 1s
                rules:
                  - alert: Odd
                    expr: vector(5) > 4
                    labels: {severity: "<page>", text: "ü \"quoted\" \\ \t&"}
                    annotations: {summary: "{{ $value }} > 4, {{ $labels.severity }}", empty: ""}
                  - alert: Plain
                    expr: label_replace(vector(1), "ab", "x", "", "") or vector(2)

            """);
        await using var toNode = new AlertRecorder(TimeProvider.System.GetUtcNow);
        await using var toPrometheus = new AlertRecorder(TimeProvider.System.GetUtcNow);
        // Prometheus finds its Alertmanagers some seconds after its first evaluation.
        string[] flags = ["--web.external-url=http://here.example/prom", "--rules.alert.resend-delay=2s"];
        const string labels = "{external_labels: {cluster: north, severity: none}}";
        await using var node = new Node(_folder["node"], Configuration(toNode.Address, labels), [.. flags]);
        await using var prometheus = new DebianPrometheus(_folder["prometheus"], Configuration(toPrometheus.Address, labels), [.. flags, "--web.route-prefix=/"]);
        await Task.WhenAll(node.LaunchAsync(), prometheus.StartAsync());

        await Eventually.Async("both have told their alerts", () => Task.FromResult(toNode.Told.Count >= 3 && toPrometheus.Told.Count >= 3), Patience);

        Assert.Equal(Distinct(toPrometheus), Distinct(toNode));
    }

    private static string[] Distinct(AlertRecorder recorder) => [.. recorder.Told.Select(t => Time().Replace(t.Raw, "TIME")).Distinct().Order(StringComparer.Ordinal)];

    private string Configuration(string alertmanager, string global) => $"""
        global: {(global.Length == 0 ? "{}" : global)}
        rule_files: ["{_folder["rules.yml"]}"]
        alerting:
          alertmanagers:
            - static_configs: [{"{"}targets: ["{alertmanager}"]{"}"}]

        """;

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Time();
}
