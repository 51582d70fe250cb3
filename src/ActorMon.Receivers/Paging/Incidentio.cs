using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;
using ActorMon.Receivers.Webhooks;

namespace ActorMon.Receivers.Paging;

/// <summary>incident.io: the JSON of webhooks (version 1) with a bearer token; what is too long is told of its first alert only.</summary>
internal sealed class Incidentio(IntegrationParts parts) : HttpIntegration(parts, Authorized(parts))
{
    private const int MaxBytes = 512 << 10;

    private readonly SecretSource _url = parts.Reader.Secret("url");
    private readonly int _maxAlerts = (int)Math.Min(parts.Reader.Integer("max_alerts"), int.MaxValue);
    private readonly TimeSpan _timeout = parts.Reader.Duration("timeout");

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var notification = composer.Notification;
        var truncated = Webhook.Truncated(notification, _maxAlerts);
        if (truncated > 0)
            composer = Compose(notification, [.. notification.Alerts.Take(_maxAlerts)], cancellation);
        var body = WebhookJson.Of(composer.Data, composer.Data.Alerts.Count, "1", notification.GroupKey, truncated);
        if (body.Length > MaxBytes)
            body = WebhookJson.Of(composer.Data, 1, "1", notification.GroupKey, truncated);
        var url = composer.Secret(_url, "read url_file");
        if (composer.Failure is { } failure)
            return Final(failure);
        var call = HttpCall.PostJson(url, body) with { Timeout = _timeout, TimeoutOf = "incident.io" };
        var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        return Refusal(answer, Detail(answer.Body), 429) ?? NotifyResult.Sent();
    }

    private static HttpClientOptions Authorized(IntegrationParts parts) =>
        parts.Reader.Secret("alert_source_token") is { IsSet: true } token ? parts.Http with { BasicAuth = null, OAuth2 = null, Authorization = new AuthorizationOptions("Bearer", token) } : parts.Http;

    private static string Detail(string body)
    {
        if (JsonAnswer.Parse(body) is not { } answer)
            return "";
        var said = new List<string> { answer.Text("message"), answer.Text("error"), string.Join(", ", answer.Texts("errors")) };
        return string.Join(": ", said.Where(text => text.Length > 0));
    }
}
