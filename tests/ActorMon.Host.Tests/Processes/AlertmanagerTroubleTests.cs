using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ActorMon.Testing.Http;

namespace ActorMon.Host.Tests.Processes;

/// <summary>Bad input and bad receivers of the built-in Alertmanager: the request or the notification alone fails, and receivers can be tried.</summary>
[Collection(ProcessTests.Name)]
public sealed class AlertmanagerTroubleTests
{
    private const long Huge = 100L << 20;

    [Fact]
    public async Task What_is_wrong_fails_alone_and_clearly()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        // It reads and never answers.
        await using var hanging = LoopbackServer.Raw(static async (stream, _, cancellation) =>
        {
            var bytes = new byte[4096];
            while (await stream.ReadAsync(bytes, cancellation) > 0)
            {
            }
        });
        await using var node = new HostNode();
        var flag = await BuiltInAlertmanagerTests.ConfigureAsync(node, """
            route: {receiver: all, group_by: [alertname], group_wait: 100ms, group_interval: 500ms}
            receivers:
              - name: all
                webhook_configs: [{url: "HANGS", timeout: 100ms}, {url: "GOOD"}]
                slack_configs: [{api_url: "NEVER", title: '{{ template "none" }}'}]

            """.Replace("HANGS", hanging.Url("/hangs").ToString(), StringComparison.Ordinal).Replace("GOOD", webhook.Url("/good").ToString(), StringComparison.Ordinal)
            .Replace("NEVER", webhook.Url("/never").ToString(), StringComparison.Ordinal));
        await node.StartAsync(flag);

        // A body of 100 MB, and one of which the second alert has a bad label.
        using (var http = new HttpClient())
        using (var body = new HugeContent())
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync(new Uri(node.Url, "/api/v2/alerts"), body)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await BuiltInAlertmanagerTests.PostAsync(node, "/api/v2/alerts", """[{"labels":{"alertname":"Good"}},{"labels":{"":"x"}}]"""));

        await node.UntilAsync("the receiver that works is told of the good alert", () => Task.FromResult(webhook.Requests.Any(r => r.Text.Contains("Good", StringComparison.Ordinal))));
        Assert.All(webhook.Requests, request => Assert.Equal("/good", request.Target));
        await node.UntilAsync("the others have failed, each with its reason", async () =>
        {
            var failed = await node.GetAsync("/api/v1/alertmanager/history?event=failed");
            return failed.Contains("slack[0]", StringComparison.Ordinal) && failed.Contains("\\\"none\\\"", StringComparison.Ordinal)
                && failed.Contains("webhook[0]", StringComparison.Ordinal) && failed.Contains("timeout", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_broken_configuration_names_file_line_and_key_and_changes_nothing()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode();
        var good = $$"""
            route: {receiver: hook, group_wait: 100ms}
            receivers: [{name: hook, webhook_configs: [{url: "{{webhook.Url("/hook")}}"}]}]

            """;
        await node.StartAsync(await BuiltInAlertmanagerTests.ConfigureAsync(node, good));
        await BuiltInAlertmanagerTests.ConfigureAsync(node, "route:\n  receiver: hook\n  group_wiat: 1s\nreceivers: [{name: hook}]\n");
        Assert.Equal(HttpStatusCode.InternalServerError, await node.StatusAsync(HttpMethod.Post, "/alertmanager/-/reload"));
        await node.UntilAsync("the log names file, line and key", () => Task.FromResult(
            node.Text.Contains("alertmanager.yml:3", StringComparison.Ordinal) && node.Text.Contains("group_wiat", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await BuiltInAlertmanagerTests.PostAsync(node, "/api/v2/alerts", """[{"labels":{"alertname":"A"}}]"""));
        await node.UntilAsync("alerts are told as before", () => Task.FromResult(!webhook.Requests.IsEmpty));
    }

    [Fact]
    public async Task Receivers_are_tried_with_alerts_that_were_for_show_and_for_good()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode();
        var flag = await BuiltInAlertmanagerTests.ConfigureAsync(node, """
            route: {receiver: nobody, group_by: [alertname]}
            receivers:
              - name: nobody
              - name: chat
                slack_configs: [{api_url: "SLACK", title: '{{ .GroupLabels.alertname }} of {{ .CommonLabels.x }}'}]

            """.Replace("SLACK", webhook.Url("/s3cret").ToString(), StringComparison.Ordinal));
        await node.StartAsync(flag);
        await BuiltInAlertmanagerTests.PostAsync(node, "/api/v2/alerts", """[{"labels":{"alertname":"A","x":"1"}}]""");
        await node.UntilAsync("the alert is here", async () => (await node.GetAsync("/api/v2/alerts")).Contains("\"A\"", StringComparison.Ordinal));

        const string question = "?filter=x%3D1&start=0&receiver=chat&template=%7B%7B%20len%20.Alerts%20%7D%7D";
        using (var shown = JsonDocument.Parse(await node.GetAsync("/api/v1/alertmanager/test" + question)))
        {
            var notification = shown.RootElement.GetProperty("data").GetProperty("notifications")[0];
            Assert.Equal("1", notification.GetProperty("rendered").GetString());
            var message = notification.GetProperty("integrations")[0].GetProperty("messages")[0];
            Assert.Contains("\"title\":\"A of 1\"", message.GetProperty("body").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", message.ToString(), StringComparison.Ordinal);
        }
        Assert.Empty(webhook.Requests);
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/api/v1/alertmanager/test/send" + question));
        Assert.Equal("/s3cret", Assert.Single(webhook.Requests).Target);
    }

    /// <summary>White space that is told to be long; what is not read is not sent.</summary>
    private sealed class HugeContent : HttpContent
    {
        public HugeContent() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var part = new byte[64 << 10];
            Array.Fill(part, (byte)' ');
            for (var sent = 0L; sent < Huge; sent += part.Length)
                await stream.WriteAsync(part);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Huge;
            return true;
        }
    }
}
