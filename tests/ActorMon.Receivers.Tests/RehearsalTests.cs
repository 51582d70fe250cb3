using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Tests;

/// <summary>What a rehearsal shows is what would be sent, and nothing leaves.</summary>
public sealed class RehearsalTests : IAsyncDisposable
{
    private readonly Bench _bench = new();
    private readonly Rehearsal _rehearsal = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("webhook", "{url: 'URL/s3cret'}")]
    [InlineData("email", "{to: 'a@b.example', from: 'am@b.example', smarthost: '127.0.0.1:1', auth_password: s3cret, require_tls: false}")]
    [InlineData("pagerduty", "{routing_key: s3cret, url: 'URL/v2'}")]
    [InlineData("pagerduty", "{service_key: s3cret}")]
    [InlineData("opsgenie", "{api_key: s3cret, api_url: 'URL/'}")]
    [InlineData("wechat", "{api_url: 'URL/', corp_id: c, api_secret: s3cret, to_user: u}")]
    [InlineData("slack", "{api_url: 'URL/s3cret', channel: c}")]
    [InlineData("victorops", "{api_key: s3cret, api_url: 'URL/', routing_key: r}")]
    [InlineData("pushover", "{token: s3cret, user_key: s3cretuser}")]
    [InlineData("sns", "{api_url: 'URL', topic_arn: 'arn:x', sigv4: {region: r, access_key: k, secret_key: s3cret}}")]
    [InlineData("telegram", "{api_url: 'URL', bot_token: s3cret, chat_id: 1}")]
    [InlineData("discord", "{webhook_url: 'URL/s3cret'}")]
    [InlineData("webex", "{api_url: 'URL', room_id: r, http_config: {authorization: {credentials: s3cret}}}")]
    [InlineData("msteams", "{webhook_url: 'URL/s3cret'}")]
    [InlineData("msteamsv2", "{webhook_url: 'URL/s3cret'}")]
    [InlineData("jira", "{api_url: 'URL', project: p, issue_type: Bug, http_config: {basic_auth: {username: u, password: s3cret}}}")]
    [InlineData("incidentio", "{url: 'URL/s3cret', alert_source_token: s3crettoken}")]
    [InlineData("rocketchat", "{api_url: 'URL', token: s3cret, token_id: s3cretid, channel: c}")]
    [InlineData("mattermost", "{webhook_url: 'URL/s3cret', channel: c}")]
    public async Task Every_integration_composes_without_sending_and_hides_secrets(string type, string settings)
    {
        _bench.Rehearsal = _rehearsal;
        var result = await _bench.TellAsync(type, settings);
        Assert.Null(result.Outcome.Error);
        Assert.Empty(_bench.Requests);
        var messages = _rehearsal.Take();
        Assert.NotEmpty(messages);
        Assert.Contains(messages, message => (message.Address + message.Body).Contains("Load", StringComparison.Ordinal));
        Assert.All(messages, message => Assert.DoesNotContain("s3cret", message.ToString() + string.Concat(message.Headers), StringComparison.Ordinal));
        Assert.Empty(_rehearsal.Take());
    }

    [Fact]
    public async Task The_body_is_the_one_that_is_sent()
    {
        var (_, body) = await _bench.RequestAsync("slack", "{api_url: 'URL', title: '{{ .GroupLabels.alertname }} x'}");
        _bench.Rehearsal = _rehearsal;
        await _bench.TellAsync("slack", "{api_url: 'URL', title: '{{ .GroupLabels.alertname }} x'}");
        Assert.Equal(body, Assert.Single(_rehearsal.Take()).Body);
    }

    [Fact]
    public async Task What_fails_while_it_is_composed_fails_in_a_rehearsal_as_well()
    {
        _bench.Rehearsal = _rehearsal;
        var result = await _bench.TellAsync("slack", "{api_url: 'URL', title: '{{ template \"none\" }}'}");
        Assert.Contains("none", result.Outcome.Error, StringComparison.Ordinal);
        Assert.Empty(_rehearsal.Take());
    }

    [Fact]
    public void A_text_is_rendered_with_the_templates_of_the_configuration_or_says_why_not()
    {
        _bench.Templates.Add(new Building.TemplateFile("/t/a.tmpl", "{{ define \"mine\" }}<{{ .GroupLabels.alertname }}>{{ end }}"));
        var receivers = _bench.Build("webhook", "{url: 'URL'}").Receivers!;
        Assert.Equal(("<Load> 1", null), receivers.Render("{{ template \"mine\" . }} {{ len .Alerts }}", Told.Firing, default));
        Assert.Contains("function \"x\" not defined", receivers.Render("{{ x }}", Told.Firing, default).Error, StringComparison.Ordinal);
    }
}
