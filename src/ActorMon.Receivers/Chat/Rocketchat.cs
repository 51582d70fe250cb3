using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>Rocket.Chat: an attachment by its REST API, in the name of a user's token.</summary>
internal sealed class Rocketchat : HttpIntegration
{
    private const int MaxTitle = 1024;

    private readonly string _url;
    private readonly SecretSource _token, _tokenId;
    private readonly TemplatedText _channel, _emoji, _avatar, _title, _titleLink, _text, _imageUrl, _thumbUrl, _color;
    private readonly IReadOnlyList<ChatField> _fields;
    private readonly IReadOnlyList<(TemplatedText Text, TemplatedText Url, TemplatedText Message)> _actions;

    public Rocketchat(IntegrationParts parts) : base(parts)
    {
        var reader = parts.Reader;
        _url = UrlText.JoinPath(reader.Text("api_url"), "api/v1/chat.postMessage");
        _token = reader.Secret("token");
        _tokenId = reader.Secret("token_id");
        _channel = reader.Template("channel");
        _emoji = reader.Template("emoji");
        _avatar = reader.Template("icon_url");
        _title = reader.Template("title");
        _titleLink = reader.Template("title_link");
        _text = reader.Template("text");
        _imageUrl = reader.Template("image_url");
        _thumbUrl = reader.Template("thumb_url");
        _color = reader.Template("color");
        _fields = ChatField.List(reader, reader.Bool("short_fields"));
        _actions = [.. reader.Sections("actions").Select(action => (action.Template("text"), action.Template("url"), action.Template("msg")))];
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var channel = composer.Text(_channel);
        var body = JsonText.Object(json =>
        {
            json.TextIfAny("channel", channel);
            json.TextIfAny("emoji", composer.Text(_emoji));
            json.TextIfAny("avatar", composer.Text(_avatar));
            json.Objects("attachments", [this], (item, _) => WriteAttachment(item, composer));
        });
        (string, string)[] headers = [("X-Auth-Token", composer.Secret(_token, CouldNotRead(_token))), ("X-User-Id", composer.Secret(_tokenId, CouldNotRead(_tokenId)))];
        if (composer.Failure is { } failure)
            return Final(failure);
        var answer = await SendAsync(HttpCall.PostJson(_url, body) with { Headers = headers }, cancellation).ConfigureAwait(false);
        if (RefusalIn(channel, answer) is { } refusal)
            return refusal;
        var prefix = InChannel(channel);
        // A status of success may stand over a refusal.
        if (JsonAnswer.Parse(answer.Body) is not { } said)
            return TryAgain($"{prefix}: could not unmarshal JSON response {GoQuote.Quote(answer.Body)}", "clientError");
        return said.Flag("success") ? NotifyResult.Sent() : Final($"{prefix}: error response from Rocketchat: {said.Text("error")}", "clientError");
    }

    private void WriteAttachment(JsonText json, Composer composer)
    {
        json.TextIfAny("title", Truncation.InCharacters(composer.Text(_title), MaxTitle, out _));
        json.TextIfAny("title_link", composer.Text(_titleLink));
        json.TextIfAny("text", composer.Text(_text));
        json.TextIfAny("image_url", composer.Text(_imageUrl));
        json.TextIfAny("thumb_url", composer.Text(_thumbUrl));
        json.TextIfAny("color", composer.Text(_color));
        json.ObjectsIfAny("fields", _fields, (item, field) =>
        {
            item.Flag("short", field.Short ?? false);
            field.WriteTexts(item, composer);
        });
        json.ObjectsIfAny("actions", _actions, (item, action) =>
        {
            item.Text("type", "button");
            item.TextIfAny("text", composer.Text(action.Text));
            item.TextIfAny("url", composer.Text(action.Url));
            item.Flag("is_webview", false);
            item.TextIfAny("msg", composer.Text(action.Message));
            item.Flag("msg_in_chat_window", false);
        });
    }

    private static string CouldNotRead(SecretSource source) => $"could not read {source.File}";
}
