using System.Net;
using System.Text;
using System.Text.Json;
using ActorMon.Testing.Http;

namespace ActorMon.Host.Tests.Processes;

/// <summary>The built-in Alertmanager as its user sees it: rules and configuration in, pages out.</summary>
[Collection(ProcessTests.Name)]
public sealed class BuiltInAlertmanagerTests
{
    private const string Rules = """
        groups:
          - name: g
            interval: 1s
            rules:
              - {alert: Broken, expr: vector(1), labels: {severity: page}, annotations: {summary: it broke}}

        """;

    [Fact]
    public async Task An_own_rule_pages_once_and_a_node_that_was_killed_does_not_page_again()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode("rule_files: [rules.yml]\n");
        await File.WriteAllTextAsync(Path.Combine(node.Folder, "rules.yml"), Rules);
        var flag = await ConfigureAsync(node, webhook);
        await node.StartAsync(flag);
        await node.UntilAsync("the page", () => Task.FromResult(!webhook.Requests.IsEmpty));

        Assert.True(webhook.Requests.TryPeek(out var page));
        using (var body = JsonDocument.Parse(page.Body))
        {
            Assert.Equal("firing", body.RootElement.GetProperty("status").GetString());
            Assert.Equal("Broken", body.RootElement.GetProperty("commonLabels").GetProperty("alertname").GetString());
            Assert.Equal("it broke", body.RootElement.GetProperty("commonAnnotations").GetProperty("summary").GetString());
        }
        // What was sent is written once the receiver has answered.
        await node.UntilAsync("the page is logged", async () => (await node.GetAsync("/api/v1/alertmanager/history")).Contains("\"sent\"", StringComparison.OrdinalIgnoreCase));
        var before = webhook.Requests.Count;

        // It is written once a second.
        await node.UntilAsync("the history is written", () => Task.FromResult(HistoryOf(node).Contains("webhook[0]", StringComparison.Ordinal)));
        await node.KillAsync();
        await node.StartAsync(flag);
        await node.UntilAsync("the alert is back", async () => (await node.GetAsync("/api/v2/alerts")).Contains("Broken", StringComparison.Ordinal));
        await node.UntilAsync("the group has flushed", async () => await FlushesAsync(node) >= 3);
        Assert.Equal(before, webhook.Requests.Count);
        Assert.Equal(1, before);
        using var history = JsonDocument.Parse(await node.GetAsync("/api/v1/alertmanager/history?event=sent"));
        Assert.Equal(1, history.RootElement.GetProperty("data").GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task A_silence_holds_back_and_outlives_a_kill()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode();
        var flag = await ConfigureAsync(node, webhook);
        await node.StartAsync(flag);
        var until = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        var silence = $$"""{"matchers":[{"name":"alertname","value":"Quiet","isRegex":false,"isEqual":true}],"startsAt":"2020-01-01T00:00:00Z","endsAt":"{{until}}","createdBy":"me","comment":"known"}""";
        await node.UntilAsync("the silence is taken", async () => await PostAsync(node, "/api/v2/silences", silence) == HttpStatusCode.OK);
        await node.UntilAsync("the silence is seen", async () => (await node.GetAsync("/api/v2/silences")).Contains("known", StringComparison.Ordinal));

        await node.KillAsync();
        await node.StartAsync(flag);
        await node.UntilAsync("the alerts are taken", async () =>
            await PostAsync(node, "/api/v2/alerts", """[{"labels":{"alertname":"Quiet"}},{"labels":{"alertname":"Loud"}}]""") == HttpStatusCode.OK);
        await node.UntilAsync("a page", () => Task.FromResult(!webhook.Requests.IsEmpty));
        await node.UntilAsync("one is suppressed", async () => (await node.GetAsync("/api/v2/alerts?active=false")).Contains("Quiet", StringComparison.Ordinal));
        Assert.DoesNotContain(webhook.Requests, request => request.Text.Contains("Quiet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_reload_takes_both_files_or_none()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode("global: {scrape_interval: 30s}\n");
        var flag = await ConfigureAsync(node, webhook);
        await node.StartAsync(flag);
        Assert.Contains("receiver: hook", await StatusTextAsync(node), StringComparison.Ordinal);

        var path = Path.Combine(node.Folder, "alertmanager.yml");
        await File.WriteAllTextAsync(path, "route: {receiver: other}\nreceivers: [{name: hook}]\n");
        node.Configure("global: {scrape_interval: 20s}\n");
        Assert.Equal(HttpStatusCode.InternalServerError, await node.StatusAsync(HttpMethod.Post, "/alertmanager/-/reload"));
        Assert.Contains("receiver: hook", await StatusTextAsync(node), StringComparison.Ordinal);
        Assert.Contains("scrape_interval: 30s", await node.GetAsync("/api/v1/status/config"), StringComparison.Ordinal);
        await node.UntilAsync("the log names file and key", () => Task.FromResult(node.Text.Contains("undefined receiver", StringComparison.Ordinal)));

        await File.WriteAllTextAsync(path, "route: {receiver: other}\nreceivers: [{name: other}]\n");
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/alertmanager/-/reload"));
        Assert.Contains("receiver: other", await StatusTextAsync(node), StringComparison.Ordinal);
        Assert.Contains("scrape_interval: 20s", await node.GetAsync("/api/v1/status/config"), StringComparison.Ordinal);
    }

    /// <summary>What a restart will find: the files as text, whose labels and names are in clear.</summary>
    private static string HistoryOf(HostNode node)
    {
        var folder = new DirectoryInfo(Path.Combine(node.Data, "alert-history"));
        return folder.Exists ? string.Concat(folder.GetFiles().Select(file => File.ReadAllText(file.FullName, Encoding.Latin1))) : "";
    }

    private static async Task<long> FlushesAsync(HostNode node)
    {
        using var document = JsonDocument.Parse(await node.GetAsync("/api/v1/alertmanager/explain?labels=" + Uri.EscapeDataString("""{"alertname":"Broken","severity":"page"}""")));
        return document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("flushes").GetInt64());
    }

    private static async Task<string> StatusTextAsync(HostNode node)
    {
        using var document = JsonDocument.Parse(await node.GetAsync("/api/v2/status"));
        return document.RootElement.GetProperty("config").GetProperty("original").GetString()!;
    }

    private static Task<string> ConfigureAsync(HostNode node, LoopbackServer webhook) => ConfigureAsync(node, $$"""
        route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h}
        receivers:
          - name: hook
            webhook_configs: [{url: "{{webhook.Url("/hook")}}"}]

        """);

    internal static async Task<string> ConfigureAsync(HostNode node, string text)
    {
        var path = Path.Combine(node.Folder, "alertmanager.yml");
        await File.WriteAllTextAsync(path, text);
        return "--alertmanager.config.file=" + path;
    }

    internal static async Task<HttpStatusCode> PostAsync(HostNode node, string path, string json)
    {
        using var http = new HttpClient();
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(node.Url, path), content);
        return answer.StatusCode;
    }
}
