using ActorMon.Testing.Http;

namespace ActorMon.Tool.Tests;

public sealed class AlertmanagerCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actormon-tool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_good_file_is_praised_and_doubts_are_told()
    {
        var (code, output, _) = await ToolRun.RunAsync("", "check", "alertmanager-config", File("route: {receiver: a}\nreceivers: [{name: a}, {name: idle}]\n"));
        Assert.Equal(0, code);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
        Assert.Contains("receiver \"idle\" is used by no route", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_line_and_key()
    {
        var path = File("route:\n  receiver: a\n  group_interval: 0s\nreceivers: [{name: a}]\n");
        var (code, _, errors) = await ToolRun.RunAsync("", "check", "alertmanager-config", path);
        Assert.Equal(1, code);
        Assert.Contains($"{path}:3: route.group_interval: group_interval cannot be zero", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_is_routed_and_the_tree_tells_why()
    {
        var path = File("route:\n  receiver: a\n  routes: [{receiver: b, matchers: [x=1]}, {receiver: c, matchers: [x=2]}]\nreceivers: [{name: a}, {name: b}, {name: c}]\n");
        Assert.Equal((0, "b\n", ""), await RouteAsync(path, "--verify.receivers=b", "x=1"));
        Assert.Equal(1, (await RouteAsync(path, "--verify.receivers=c", "x=1")).Code);
        var tree = (await RouteAsync(path, "--tree", "x=2")).Output;
        Assert.Contains("{x=\"1\"}: refused by x=\"1\"", tree, StringComparison.Ordinal);
        Assert.Contains("{x=\"2\"}: chosen, receiver c", tree, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_template_file_and_texts_that_are_no_templates_are_told()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "a.tmpl"), "{{ define \"x\" }}\n{{ nothing }}{{ end }}");
        const string text = "route: {receiver: a}\nreceivers:\n- name: a\n  slack_configs: [{api_url: 'http://x', title: '{{ if }}'}]\n";
        var (code, _, errors) = await ToolRun.RunAsync("", "check", "alertmanager-config", File(text + "templates: ['*.tmpl']\n"));
        Assert.Equal(1, code);
        Assert.Contains($"{Path.Combine(_folder, "a.tmpl")}:2: templates: template: a.tmpl:2: function \"nothing\" not defined", errors, StringComparison.Ordinal);
        (code, var output, _) = await ToolRun.RunAsync("", "check", "alertmanager-config", File(text));
        Assert.Equal(0, code);
        Assert.Contains("alertmanager.yml:3: receivers[0].slack_configs[0].title: template: :1:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_of_a_file_are_told_to_the_receivers_of_their_routes()
    {
        await using var server = LoopbackServer.Http(request => request.Target == "/good" ? HttpReply.Ok() : HttpReply.Of(400, "Bad", "no"));
        var alerts = Path.Combine(_folder, "alerts.json");
        System.IO.File.WriteAllText(alerts, """
            [{"labels": {"alertname": "A", "x": "1"}, "startsAt": "2024-01-01T00:00:00Z"}, {"labels": {"alertname": "B", "x": "1"}, "startsAt": "2024-01-01T00:00:00Z", "endsAt": "2024-01-01T01:00:00Z"},
             {"labels": {"alertname": "C", "x": "2"}}]
            """);
        var path = File($$$"""
            route: {receiver: a, group_by: [x], labels: {team: '{{ .GroupLabels.x }}'}, routes: [{receiver: b, matchers: [x=2]}]}
            receivers:
            - {name: a, webhook_configs: [{url: '{{{server.Url("/good")}}}'}, {url: '{{{server.Url("/good")}}}', send_resolved: false}]}
            - {name: b, webhook_configs: [{url: '{{{server.Url("/bad")}}}'}]}

            """);
        var (code, output, errors) = await ToolRun.RunAsync("", "config", "receivers", "test", "--config.file=" + path, "--alerts.file=" + alerts, "--web.external-url=http://am/");
        Assert.Equal(1, code);
        Assert.Equal("{}:{x=\"1\"} a/webhook[0]: sent\n{}:{x=\"1\"} a/webhook[1]: sent\n", output);
        Assert.Equal("{}/{x=\"2\"}:{x=\"2\"} b/webhook[0]: FAILED: unexpected status code 400: no\n", errors);
        var bodies = server.Requests.Select(request => request.Text).ToArray();
        Assert.Contains("\"routeLabels\":{\"team\":\"1\"},\"externalURL\":\"http://am\"", bodies[0], StringComparison.Ordinal);
        Assert.Contains("\"alertname\":\"B\"", bodies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("\"alertname\":\"B\"", bodies[1], StringComparison.Ordinal);

        var sent = bodies.Length;
        (code, output, errors) = await ToolRun.RunAsync("", "config", "receivers", "test", "--config.file=" + path, "--alerts.file=" + alerts, "--dry-run");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(sent, server.Requests.Count);
        Assert.Contains("{}/{x=\"2\"}:{x=\"2\"} b/webhook[0]: would send\n  POST http://", output, StringComparison.Ordinal);
        Assert.Contains("\"alertname\":\"C\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("/good", output, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output, string Errors)> RouteAsync(string path, params string[] more) =>
        ToolRun.RunAsync("", ["config", "routes", "test", "--config.file=" + path, .. more]);

    private string File(string text)
    {
        var path = Path.Combine(_folder, "alertmanager.yml");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
