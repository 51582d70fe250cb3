using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>Slack: an attachment by an incoming webhook or by a bot's token; with <c>update_message</c> the group's message is changed in place of a new one.</summary>
internal sealed class Slack : HttpIntegration
{
    private const int MaxTitle = 1024;

    private static readonly string[] DefaultMarkdown = ["fallback", "pretext", "text"];

    private readonly SecretSource _url;
    private readonly TemplatedText _channel, _username, _iconEmoji, _iconUrl, _message;
    private readonly bool _linkNames, _update;
    private readonly TimeSpan _timeout;
    private readonly SlackAttachment _attachment;

    public Slack(IntegrationParts parts) : base(parts, Authorized(parts))
    {
        var reader = parts.Reader;
        _url = reader.Secret("api_url");
        _channel = reader.Template("channel");
        _username = reader.Template("username");
        _iconEmoji = reader.Template("icon_emoji");
        _iconUrl = reader.Template("icon_url");
        _message = reader.Template("message_text");
        _linkNames = reader.Bool("link_names");
        _update = reader.Bool("update_message");
        _timeout = reader.Duration("timeout");
        _attachment = new SlackAttachment(reader, reader.Texts("mrkdwn_in") is { Count: > 0 } markdown ? markdown : DefaultMarkdown, MaxTitle);
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var url = composer.Secret(_url, "read api_url_file");
        var sent = _update ? JsonAnswer.Parse(composer.Notification.ReceiverData) : null;
        var (timestamp, channel) = (sent?.Text("threadTs") ?? "", sent?.Text("channelId") ?? "");
        if (timestamp.Length > 0 && channel.Length > 0)
            url = Context.Endpoints.SlackUpdate;
        else
            (timestamp, channel) = ("", composer.Text(_channel));
        var body = JsonText.Object(json =>
        {
            json.TextIfAny("channel", channel);
            json.TextIfAny("ts", timestamp);
            json.TextIfAny("username", composer.Text(_username));
            json.TextIfAny("icon_emoji", composer.Text(_iconEmoji));
            json.TextIfAny("icon_url", composer.Text(_iconUrl));
            json.FlagIfTrue("link_names", _linkNames);
            json.TextIfAny("text", composer.Text(_message));
            json.Objects("attachments", [_attachment], (item, attachment) => attachment.Write(item, composer));
        });
        if (composer.Failure is { } failure)
            return Final(failure);
        var answer = await SendAsync(HttpCall.PostJson(url, body) with { Timeout = _timeout, TimeoutOf = "slack" }, cancellation).ConfigureAwait(false);
        return RefusalIn(channel, answer) ?? Judge(answer, composer.Notification, InChannel(channel));
    }

    /// <summary>Slack says in the body whether it took the message: "ok", or JSON.</summary>
    private NotifyResult Judge(HttpAnswer answer, Notification notification, string prefix)
    {
        const string reason = "clientError";
        if (!answer.ContentType.StartsWith("application/json", StringComparison.Ordinal))
            return answer.Body == "ok" ? NotifyResult.Sent(notification.ReceiverData) : Final($"{prefix}: received an error response from Slack: {answer.Body}", reason);
        if (JsonAnswer.Parse(answer.Body) is not { } said)
            return TryAgain($"{prefix}: could not unmarshal JSON response {GoQuote.Quote(answer.Body)}", reason);
        if (!said.Flag("ok"))
            return Final($"{prefix}: error response from Slack: {said.Text("error")}", reason);
        if (!_update || said.Text("ts").Length == 0 || said.Text("channel").Length == 0)
            return NotifyResult.Sent(notification.ReceiverData);
        return NotifyResult.Sent(System.Text.Encoding.UTF8.GetString(JsonText.Object(json =>
        {
            json.Text("channelId", said.Text("channel"));
            json.Text("threadTs", said.Text("ts"));
        })).TrimEnd());
    }

    private static HttpClientOptions Authorized(IntegrationParts parts) =>
        parts.Reader.Secret("app_token") is { IsSet: true } token ? parts.Http with { BasicAuth = null, OAuth2 = null, Authorization = new AuthorizationOptions("Bearer", token) } : parts.Http;
}
