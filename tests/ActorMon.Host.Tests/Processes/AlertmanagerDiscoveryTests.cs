using System.Net;

namespace ActorMon.Host.Tests.Processes;

/// <summary>The Alertmanagers of the configuration as a running node shows them.</summary>
[Collection(ProcessTests.Name)]
public sealed class AlertmanagerDiscoveryTests
{
    [Fact]
    public async Task A_node_tells_which_Alertmanagers_it_knows_and_a_reload_changes_them()
    {
        await using var node = new HostNode();
        var targets = Path.Combine(node.Folder, "targets.json");
        await File.WriteAllTextAsync(targets, """[{"targets": ["c:3"]}]""");
        node.Configure($$"""
            alerting:
              alertmanagers:
                - static_configs: [{targets: ["a:1", "b:2"]}]
                  relabel_configs: [{source_labels: [__address__], regex: "b:.*", action: drop}]
                - file_sd_configs: [{files: ["{{targets}}"]}]
                  scheme: https
                  path_prefix: /am

            """);
        await node.StartAsync("--web.enable-lifecycle");
        Task KnownAsync(string known) => node.UntilAsync(known, async () => (await node.GetAsync("/api/v1/alertmanagers")).Contains(known, StringComparison.Ordinal));
        await KnownAsync("""{"activeAlertmanagers":[{"url":"http://a:1/api/v2/alerts"},{"url":"https://c:3/am/api/v2/alerts"}],"droppedAlertmanagers":[{"url":"http://b:2/api/v2/alerts"}]}""");

        node.Configure("alerting: {alertmanagers: [{static_configs: [{targets: [\"d:4\"]}]}]}\n");
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/-/reload"));
        await KnownAsync("""{"activeAlertmanagers":[{"url":"http://d:4/api/v2/alerts"}],"droppedAlertmanagers":[]}""");
    }
}
