using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Chat;

/// <summary>Microsoft Teams by its first connector: a message card.</summary>
internal sealed class MsTeams(IntegrationParts parts) : ChatWebhook(parts)
{
    private const string Red = "8C1A1A";
    private const string Green = "2DC72D";

    private readonly TemplatedText _title = parts.Reader.Template("title");
    private readonly TemplatedText _summary = parts.Reader.Template("summary");
    private readonly TemplatedText _text = parts.Reader.Template("text");

    protected override void Write(JsonText json, Composer composer)
    {
        json.Text("@context", "http://schema.org/extensions");
        json.Text("type", "MessageCard");
        json.Text("title", composer.Text(_title));
        json.Text("summary", composer.Text(_summary));
        json.Text("text", composer.Text(_text));
        json.Text("themeColor", composer.IsFiring ? Red : Green);
    }
}
