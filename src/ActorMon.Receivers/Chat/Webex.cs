using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>Webex: a markdown message to a room; the token comes from <c>http_config</c>.</summary>
internal sealed class Webex(IntegrationParts parts) : HttpIntegration(parts)
{
    private const int MaxBytes = 7439;

    private readonly string _url = parts.Reader.Text("api_url");
    private readonly TemplatedText _message = parts.Reader.Template("message");
    private readonly TemplatedText _roomId = parts.Reader.Template("room_id");

    protected override Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var body = JsonText.Object(json =>
        {
            json.Text("markdown", Truncation.InBytes(composer.Text(_message), MaxBytes, out _));
            json.TextIfAny("roomId", composer.Text(_roomId));
        });
        return SendAsync(composer, HttpCall.PostJson(_url, body), cancellation);
    }
}
