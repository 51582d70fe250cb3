using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>Metrics of the Alertmanager that Debian packages: a node has them under the same names with the same labels, so that dashboards and rules for it work.</summary>
[Trait("Category", "Peers")]
public sealed class AlertmanagerMetricNames
{
    private const string Configuration = """
        route: {receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s}
        receivers: [{name: hook, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]

        """;

    /// <summary>What a node does otherwise: no gossip, no snapshots of its own; sizes of answers are in prometheus_http_response_size_bytes.</summary>
    private static readonly string[] Otherwise = ["alertmanager_nflog_", "alertmanager_silences_", "alertmanager_http_response_size_bytes"];

    [Fact]
    public async Task A_node_has_the_names_and_labels_of_the_original()
    {
        using var folder = new TestFolder();
        await using var theirs = new DebianAlertmanager(folder["theirs"]);
        theirs.WriteConfiguration(Configuration);
        await File.WriteAllTextAsync(folder["alertmanager.yml"], Configuration);
        await using var ours = new Node(folder["ours"], "", "--alertmanager.config.file=" + folder["alertmanager.yml"]);
        await Task.WhenAll(theirs.StartAsync(), ours.StartAsync());
        foreach (var server in new MetricsServer[] { theirs, ours })
        {
            // Those of requests are there once there was one.
            using var alert = new StringContent("""[{"labels":{"alertname":"A"}}]""", System.Text.Encoding.UTF8, "application/json");
            await server.PostAsync("/api/v2/alerts", alert);
            await server.TextAsync("/api/v2/alerts");
        }
        var wanted = await NamesAsync(theirs);
        Assert.True(wanted.Count > 20);
        await Eventually.Async("all names are there", async () =>
        {
            var has = await NamesAsync(ours);
            var missing = wanted.Where(metric => !has.TryGetValue(metric.Key, out var labels) || !metric.Value.IsSubsetOf(labels)).Select(metric => $"{metric.Key}{{{string.Join(',', metric.Value)}}}");
            Assert.Empty(missing);
            return true;
        }, TimeSpan.FromMinutes(2));
    }

    /// <summary>Names with the names of their labels.</summary>
    private static async Task<Dictionary<string, HashSet<string>>> NamesAsync(MetricsServer server)
    {
        var names = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in (await server.TextAsync("/metrics")).Split('\n'))
        {
            if (!line.StartsWith("alertmanager_", StringComparison.Ordinal) || Otherwise.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
                continue;
            var name = line[..line.IndexOfAny(['{', ' '])];
            if (!names.TryGetValue(name, out var labels))
                names[name] = labels = new HashSet<string>(StringComparer.Ordinal);
            if (line[name.Length] == '{')
                foreach (var label in line[(name.Length + 1)..line.LastIndexOf('}')].Split("\",", StringSplitOptions.RemoveEmptyEntries))
                    labels.Add(label[..label.IndexOf('=', StringComparison.Ordinal)].Trim('"'));
        }
        return names;
    }
}
