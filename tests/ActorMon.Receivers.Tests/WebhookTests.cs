using ActorMon.Alerting.Alerts;
using ActorMon.Testing.Http;

namespace ActorMon.Receivers.Tests;

public sealed class WebhookTests : IAsyncDisposable
{
    private const string Webhook = "{url: 'URL/hook'}";

    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task The_body_is_the_JSON_of_the_original_to_the_byte()
    {
        var one = Told.Alert("a", null);
        var two = Told.Alert("b", Told.Now.AddMinutes(-1), severity: "info");
        var notification = Told.Of(one, two) with { RouteLabels = new Dictionary<string, string> { ["team"] = "x" } };
        var (line, body) = await _bench.RequestAsync("webhook", Webhook, notification);
        Assert.Equal("POST /hook", line);
        Assert.Equal(
            "{\"receiver\":\"team\",\"status\":\"firing\",\"alerts\":["
            + "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Load\",\"instance\":\"a\",\"severity\":\"critical\"},\"annotations\":{\"summary\":\"load \\u003e 5 \\u0026 rising\"},"
            + $"\"startsAt\":\"2024-03-04T04:56:07.12345Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://prom/graph?g0.expr=load\",\"fingerprint\":\"{Fingerprint.TextOf(one.Labels)}\"}},"
            + "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"Load\",\"instance\":\"b\",\"severity\":\"info\"},\"annotations\":{\"summary\":\"load \\u003e 5 \\u0026 rising\"},"
            + $"\"startsAt\":\"2024-03-04T04:56:07.12345Z\",\"endsAt\":\"2024-03-04T05:05:07Z\",\"generatorURL\":\"http://prom/graph?g0.expr=load\",\"fingerprint\":\"{Fingerprint.TextOf(two.Labels)}\"}}],"
            + "\"notification_reason\":\"first notification\",\"groupLabels\":{\"alertname\":\"Load\"},\"commonLabels\":{\"alertname\":\"Load\"},"
            + "\"commonAnnotations\":{\"summary\":\"load \\u003e 5 \\u0026 rising\"},\"routeLabels\":{\"team\":\"x\"},\"externalURL\":\"http://am.example\","
            + "\"version\":\"4\",\"groupKey\":\"{}:{alertname=\\\"Load\\\"}\",\"truncatedAlerts\":0}\n",
            body);
    }

    [Fact]
    public async Task Headers_say_who_sends_what_and_under_which_key()
    {
        await _bench.RequestAsync("webhook", Webhook);
        var request = Assert.Single(_bench.Requests);
        Assert.Equal(("application/json", "ActorMon/1", "key-1"), (request.Header("Content-Type"), request.Header("User-Agent"), request.Header("Idempotency-Key")));
    }

    [Fact]
    public async Task Too_many_alerts_are_cut_and_counted()
    {
        var (_, body) = await _bench.RequestAsync("webhook", "{url: 'URL/hook', max_alerts: 1}", Told.Of(Told.Alert("a", Told.Now.AddMinutes(-1)), Told.Alert("b", null), Told.Alert("c", null)));
        Assert.Contains("\"truncatedAlerts\":2", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"instance\":\"b\"", body, StringComparison.Ordinal);
        // What is left is resolved: so is what is told.
        Assert.StartsWith("{\"receiver\":\"team\",\"status\":\"resolved\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payload_takes_the_place_of_the_body_and_keeps_types()
    {
        const string payload = """
            {url: 'URL/hook', payload: {title: '{{ .Status }}', count: '{{ len .Alerts }}', on: true, '{{ .Receiver }}': ['{{ .CommonLabels | toJson }}', 1.5], nothing: '', text: 'a: b'}}
            """;
        var (_, body) = await _bench.RequestAsync("webhook", payload.Trim());
        Assert.Equal(
            "{\"count\":1,\"nothing\":null,\"on\":true,\"team\":[{\"alertname\":\"Load\",\"instance\":\"a\",\"severity\":\"critical\"},1.5],\"text\":{\"a\":\"b\"},\"title\":\"firing\"}\n", body);
    }

    [Fact]
    public async Task The_address_is_a_template_and_may_stand_in_a_file_that_is_read_each_time()
    {
        _bench.Files["/secret"] = $" {_bench.Url}/{{{{ .Status }}}} \n";
        var webhook = _bench.Make("webhook", "{url_file: /secret}");
        await webhook.NotifyAsync(Told.Firing, default);
        _bench.Files["/secret"] = $"{_bench.Url}/other";
        await webhook.NotifyAsync(Told.Firing, default);
        Assert.Equal(["/firing", "/other"], _bench.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task What_cannot_be_read_or_rendered_is_a_final_failure()
    {
        Assert.Equal((false, "read url_file: open /gone: no such file or directory"), await FailureAsync("{url_file: /gone}"));
        Assert.Equal((false, "webhook URL is empty after templating"), await FailureAsync("{url: '{{ .CommonLabels.none }}'}"));
        var (retry, error) = await FailureAsync("{url: 'URL/x', payload: {a: '{{ template \"none\" . }}'}}");
        Assert.False(retry);
        Assert.StartsWith("failed to render custom payload: template: :1:", error, StringComparison.Ordinal);
        Assert.Empty(_bench.Requests);
    }

    [Fact]
    public async Task A_server_that_is_away_or_fails_is_tried_again()
    {
        Assert.True((await FailureAsync("{url: 'http://127.0.0.1:1/secret'}")) is (true, var error)
            && error == "Post \"<redacted>\": dial tcp 127.0.0.1:1: connect: connection refused", (await FailureAsync("{url: 'http://127.0.0.1:1/secret'}")).ToString());
        await using var broken = new Bench(_ => HttpReply.Of(503, "Unavailable", "later"));
        var result = await broken.TellAsync("webhook", Webhook);
        Assert.Equal((true, "unexpected status code 503: later", "serverError"), (result.Outcome.Retry, result.Outcome.Error, result.FailureReason));
        await using var strict = new Bench(_ => HttpReply.Of(401, "Unauthorized"));
        result = await strict.TellAsync("webhook", Webhook);
        Assert.Equal((false, "unexpected status code 401", "authError"), (result.Outcome.Retry, result.Outcome.Error, result.FailureReason));
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_after_its_timeout()
    {
        var arrived = new TaskCompletionSource();
        await using var server = LoopbackServer.Raw(async (_, _, end) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, end);
        });
        var telling = _bench.TellAsync("webhook", $"{{url: '{server.Url("/x")}', timeout: 3s}}");
        await arrived.Task;
        _bench.Time.Advance(TimeSpan.FromSeconds(4));
        var outcome = (await telling).Outcome;
        Assert.Equal((true, "Post \"<redacted>\": context deadline exceeded: configured webhook timeout reached (3s)"), (outcome.Retry, outcome.Error));
    }

    [Fact]
    public async Task Giving_up_is_not_a_failure_but_a_cancellation()
    {
        var webhook = _bench.Make("webhook", Webhook);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => webhook.NotifyAsync(Told.Firing, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Options_of_the_HTTP_client_hold()
    {
        _bench.Files["/token"] = "t1\n";
        await _bench.RequestAsync("webhook", "{url: 'URL/hook', http_config: {authorization: {credentials_file: /token}, http_headers: {X-Team: {values: [a]}}}}");
        var request = Assert.Single(_bench.Requests);
        Assert.Equal(("Bearer t1", "a"), (request.Header("Authorization"), request.Header("X-Team")));
    }

    private async Task<(bool Retry, string? Error)> FailureAsync(string settings)
    {
        var outcome = (await _bench.TellAsync("webhook", settings)).Outcome;
        return (outcome.Retry, outcome.Error);
    }
}
