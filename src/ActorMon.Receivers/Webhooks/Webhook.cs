using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Webhooks;

/// <summary>Posts the notification as JSON (version 4), or a payload of the user's making. The idempotency key goes along as a header.</summary>
internal sealed class Webhook(IntegrationParts parts) : HttpIntegration(parts)
{
    private readonly TemplatedText _url = parts.Reader.Template("url");
    private readonly SecretSource _urlFile = parts.Reader.Secret("url");
    private readonly int _maxAlerts = (int)Math.Min(parts.Reader.Integer("max_alerts"), int.MaxValue);
    private readonly TimeSpan _timeout = parts.Reader.Duration("timeout");
    private readonly TemplatedValue? _payload = parts.Reader.Value("payload");

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var notification = composer.Notification;
        var truncated = Truncated(notification, _maxAlerts);
        // What templates see is what is sent: common labels and status are those of the alerts that are left.
        if (truncated > 0)
            composer = Compose(notification, [.. notification.Alerts.Take(_maxAlerts)], cancellation);
        var body = _payload is null
            ? WebhookJson.Of(composer.Data, composer.Data.Alerts.Count, "4", notification.GroupKey, truncated)
            : JsonText.OfValue(_payload.Render(composer));
        if (composer.Failure is { } failure)
            return Final("failed to render custom payload: " + failure);
        var url = _urlFile.File is null ? composer.Text(_url) : composer.Text(composer.Secret(_urlFile, "read url_file"));
        if (composer.Failure is { } unknown)
            return Final(unknown.StartsWith("read url_file", StringComparison.Ordinal) ? unknown : "failed to template webhook URL: " + unknown);
        if (url.Length == 0)
            return Final("webhook URL is empty after templating");
        var call = HttpCall.PostJson(url, body) with { Timeout = _timeout, TimeoutOf = "webhook", Headers = [("Idempotency-Key", notification.IdempotencyKey)] };
        return await SendAsync(composer, call, cancellation).ConfigureAwait(false);
    }

    /// <summary>How many alerts a limit leaves out; zero is no limit.</summary>
    internal static int Truncated(Notification notification, int maxAlerts) => maxAlerts > 0 ? Math.Max(0, notification.Alerts.Count - maxAlerts) : 0;
}
