using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Chat;

/// <summary>Discord: one coloured embed by a webhook.</summary>
internal sealed class Discord(IntegrationParts parts) : ChatWebhook(parts)
{
    private const int MaxTitle = 256;
    private const int MaxDescription = 4096;
    private const int MaxContent = 2000;
    private const int Red = 0x992D22;
    private const int Green = 0x2ECC71;

    private readonly TemplatedText _title = parts.Reader.Template("title");
    private readonly TemplatedText _message = parts.Reader.Template("message");
    private readonly TemplatedText _content = parts.Reader.Template("content");
    private readonly string _username = parts.Reader.Text("username");
    private readonly string _avatarUrl = parts.Reader.Text("avatar_url");

    protected override void Write(JsonText json, Composer composer)
    {
        json.Text("content", Truncation.InCharacters(composer.Text(_content), MaxContent, out _));
        json.Objects("embeds", [this], (embed, _) =>
        {
            embed.Text("title", Truncation.InCharacters(composer.Text(_title), MaxTitle, out var _));
            embed.Text("description", Truncation.InCharacters(composer.Text(_message), MaxDescription, out var _));
            embed.Number("color", composer.IsFiring ? Red : Green);
        });
        json.TextIfAny("username", _username);
        if (Uri.TryCreate(_avatarUrl, UriKind.RelativeOrAbsolute, out _))
            json.TextIfAny("avatar_url", _avatarUrl);
    }
}
