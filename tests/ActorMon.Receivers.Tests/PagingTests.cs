using ActorMon.Testing.Http;

namespace ActorMon.Receivers.Tests;

/// <summary>What pagers are told.</summary>
public sealed class PagingTests : IAsyncDisposable
{
    private const string Subject = "[FIRING:1] Load (a critical)";
    private const string Link = "http://am.example/#/alerts?receiver=team";

    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Pagerduty_gets_an_event_under_the_groups_hash()
    {
        const string settings = "{url: 'URL/v2', routing_key: '{{ .Receiver }}-key', class: c, images: [{src: s, alt: a, href: h}, {alt: b}], links: [{href: x, text: y}], details: {mine: '{{ len .Alerts }}', firing: f, resolved: r}}";
        var (line, body) = await _bench.RequestAsync("pagerduty", settings);
        Assert.Equal("POST /v2", line);
        Assert.Equal(
            $"{{\"routing_key\":\"team-key\",\"dedup_key\":\"{Told.GroupHash}\",\"event_action\":\"trigger\",\"payload\":{{\"summary\":\"{Subject}\",\"source\":\"Alertmanager\",\"severity\":\"error\",\"class\":\"c\","
            + "\"custom_details\":{\"firing\":\"f\",\"mine\":1,\"num_firing\":1,\"num_resolved\":0,\"resolved\":\"r\"}},"
            + $"\"client\":\"Alertmanager\",\"client_url\":\"{Link}\",\"images\":[{{\"src\":\"s\",\"alt\":\"a\",\"href\":\"h\"}}],\"links\":[{{\"href\":\"x\",\"text\":\"y\"}}]}}\n",
            body);
    }

    [Fact]
    public async Task Pagerduty_is_told_the_end_under_the_same_hash()
    {
        var (_, body) = await _bench.RequestAsync("pagerduty", "{url: 'URL/v2', routing_key: k}", Told.Resolved);
        Assert.StartsWith($"{{\"routing_key\":\"k\",\"dedup_key\":\"{Told.GroupHash}\",\"event_action\":\"resolve\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pagerduty_version_1_takes_a_service_key()
    {
        _bench.Files["/key"] = "sk\n";
        var (line, body) = await _bench.RequestAsync("pagerduty", "{service_key_file: /key, details: {firing: f, resolved: r, num_firing: '', num_resolved: n}}");
        Assert.Equal("POST /v1", line);
        Assert.Equal(
            $"{{\"service_key\":\"sk\",\"incident_key\":\"{Told.GroupHash}\",\"event_type\":\"trigger\",\"description\":\"{Subject}\",\"event_action\":\"\",\"payload\":null,\"client\":\"Alertmanager\","
            + $"\"client_url\":\"{Link}\",\"details\":{{\"firing\":\"f\",\"num_firing\":null,\"num_resolved\":false,\"resolved\":\"r\"}}}}\n",
            body);
    }

    [Fact]
    public async Task Details_of_an_event_that_is_too_large_are_left_out()
    {
        var (_, body) = await _bench.RequestAsync("pagerduty", "{url: 'URL/v2', routing_key: k, details: {big: '" + new string('x', 520_000) + "'}}");
        Assert.Contains("\"custom_details\":{\"error\":\"Custom details have been removed because the original event exceeds the maximum size of 512KB\"}", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{url: 'URL/v2', routing_key: k}", 429, true)]
    [InlineData("{url: 'URL/v2', routing_key: k}", 403, false)]
    [InlineData("{service_key: k}", 403, true)]
    [InlineData("{service_key: k}", 429, false)]
    public async Task Pagerdutys_versions_say_differently_that_there_was_too_much(string settings, int status, bool retry)
    {
        await using var pagerduty = new Bench(_ => HttpReply.Of(status, "x", "{\"message\":\"m\",\"errors\":[\"a\"]}"));
        Assert.Equal((retry, $"unexpected status code {status}"), Outcome(await pagerduty.TellAsync("pagerduty", settings)));
    }

    [Fact]
    public async Task Pagerdutys_reasons_are_told()
    {
        await using var pagerduty = new Bench(_ => HttpReply.Of(400, "x", "{\"status\":\"invalid event\",\"message\":\"Event object is invalid\",\"errors\":[\"a\",\"b\"]}"));
        Assert.Equal((false, "unexpected status code 400: Event object is invalid: a,b"), Outcome(await pagerduty.TellAsync("pagerduty", "{url: 'URL/v2', routing_key: k}")));
        Assert.Equal((false, "routing key cannot be empty"), Outcome(await _bench.TellAsync("pagerduty", "{url: 'URL/v2', routing_key: '{{ .CommonLabels.none }}'}")));
    }

    [Fact]
    public async Task Opsgenie_makes_an_alert_and_changes_it_under_its_alias()
    {
        const string settings = """
            {api_url: 'URL/', api_key: '{{ .Receiver }}', update_alerts: true, tags: 'a, b,,c', note: n, priority: P1, entity: e, actions: 'x', details: {more: '{{ .Status }}', instance: i},
            description: d, responders: [{name: 'x,y', type: teams}, {id: '{{ .CommonLabels.none }}', type: '{{ .CommonLabels.none }}'}, {username: u, type: user}]}
            """;
        var result = await _bench.TellAsync("opsgenie", settings.ReplaceLineEndings(" ").Trim());
        Assert.Null(result.Outcome.Error);
        Assert.Equal(
            ["POST /v2/alerts", $"PUT /v2/alerts/{Told.GroupHash}/message?identifierType=alias", $"PUT /v2/alerts/{Told.GroupHash}/description?identifierType=alias"],
            _bench.Requests.Select(request => $"{request.Method} {request.Target}"));
        Assert.Equal(
            $"{{\"alias\":\"{Told.GroupHash}\",\"message\":\"{Subject}\",\"description\":\"d\",\"details\":{{\"alertname\":\"Load\",\"instance\":\"i\",\"more\":\"firing\",\"severity\":\"critical\"}},\"source\":\"{Link}\","
            + "\"responders\":[{\"name\":\"x\",\"type\":\"team\"},{\"name\":\"y\",\"type\":\"team\"},{\"username\":\"u\",\"type\":\"user\"}],\"tags\":[\"a\",\" b\",\"c\"],\"note\":\"n\",\"priority\":\"P1\",\"entity\":\"e\",\"actions\":[\"x\"]}\n",
            _bench.Requests.First().Text);
        Assert.Equal($"{{\"message\":\"{Subject}\"}}\n", _bench.Requests.ElementAt(1).Text);
        Assert.All(_bench.Requests, request => Assert.Equal(("GenieKey team", "application/json"), (request.Header("Authorization"), request.Header("Content-Type"))));
    }

    [Fact]
    public async Task Opsgenie_closes_a_resolved_alert()
    {
        var (line, body) = await _bench.RequestAsync("opsgenie", "{api_url: 'URL', api_key: k}", Told.Resolved);
        Assert.Equal($"POST /v2/alerts/{Told.GroupHash}/close?identifierType=alias", line);
        Assert.Equal($"{{\"source\":\"{Link}\"}}\n", body);
    }

    [Fact]
    public async Task Victorops_gets_an_event_at_the_address_of_its_route()
    {
        var (line, body) = await _bench.RequestAsync("victorops", "{api_url: 'URL/alert', api_key: k, routing_key: 'a {{ .Receiver }}', message_type: '{{ .CommonLabels.severity }}', state_message: s, custom_fields: {z: '{{ .Status }}'}}");
        Assert.Equal("POST /alert/k/a%20team", line);
        Assert.Equal(
            $"{{\"entity_display_name\":\"{Subject}\",\"entity_id\":\"{Told.GroupHash}\",\"message_type\":\"CRITICAL\",\"monitoring_tool\":\"Alertmanager\",\"state_message\":\"s\",\"z\":\"firing\"}}\n", body);
        await using var again = new Bench();
        (_, body) = await again.RequestAsync("victorops", "{api_url: 'URL/alert', api_key: k, routing_key: r, message_type: INFO}", Told.Resolved);
        Assert.Contains("\"message_type\":\"RECOVERY\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushover_gets_everything_in_the_query()
    {
        _bench.Files["/token"] = "tok";
        var (line, body) = await _bench.RequestAsync("pushover", "{token_file: /token, user_key: me, message: ' {{ .CommonAnnotations.summary }} ', html: true, ttl: 90s, device: d, sound: s, url_title: t}");
        Assert.Equal(
            "POST /pushover?device=d&expire=3600&html=1&message=load+%26gt%3B+5+%26amp%3B+rising&priority=2&retry=60&sound=s&title=%5BFIRING%3A1%5D+Load+%28a+critical%29&token=tok&ttl=90"
            + "&url=http%3A%2F%2Fam.example%2F%23%2Falerts%3Freceiver%3Dteam&url_title=t&user=me",
            line);
        Assert.Equal("", body);
        Assert.Equal("text/plain", Assert.Single(_bench.Requests).Header("Content-Type"));
    }

    [Fact]
    public async Task Pushover_is_never_told_nothing()
    {
        var (line, _) = await _bench.RequestAsync("pushover", "{token: t, user_key: me, message: ' ', monospace: true}", Told.Resolved);
        Assert.Contains("message=%28no+details%29&monospace=1&priority=0", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incidentio_gets_the_JSON_of_webhooks_with_a_token()
    {
        _bench.Files["/token"] = "tok\n";
        var (line, body) = await _bench.RequestAsync("incidentio", "{url: 'URL/i', alert_source_token_file: /token}");
        Assert.Equal("POST /i", line);
        Assert.Contains("\"version\":\"1\",\"groupKey\":", body, StringComparison.Ordinal);
        Assert.Equal("Bearer tok", Assert.Single(_bench.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Incidentio_is_told_the_first_alert_of_too_much()
    {
        var summary = new string('x', 300_000);
        var (_, body) = await _bench.RequestAsync("incidentio", "{url: 'URL/i', alert_source_token: t}", Told.Of(Told.Alert("a", null, summary), Told.Alert("b", null, summary + "y")));
        Assert.DoesNotContain("\"instance\":\"b\"", body, StringComparison.Ordinal);
        await using var strict = new Bench(_ => HttpReply.Of(429, "x", "{\"message\":\"m\",\"error\":\"e\",\"errors\":[\"a\",\"b\"]}"));
        Assert.Equal((true, "unexpected status code 429: m: e: a, b"), Outcome(await strict.TellAsync("incidentio", "{url: 'URL/i', alert_source_token: t}")));
    }

    private static (bool, string?) Outcome(Alerting.Notifications.NotifyResult result) => (result.Outcome.Retry, result.Outcome.Error);
}
