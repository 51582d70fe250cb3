using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>A chat that takes one JSON document at a secret address and answers by its status alone.</summary>
internal abstract class ChatWebhook(IntegrationParts parts) : HttpIntegration(parts)
{
    private readonly SecretSource _url = parts.Reader.Secret("webhook_url");

    protected override Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var body = JsonText.Object(json => Write(json, composer));
        return SendAsync(composer, HttpCall.PostJson(composer.Secret(_url, "read webhook_url_file"), body), cancellation);
    }

    protected abstract void Write(JsonText json, Composer composer);
}
