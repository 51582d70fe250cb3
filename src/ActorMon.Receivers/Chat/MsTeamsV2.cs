using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Chat;

/// <summary>Microsoft Teams by flows: an adaptive card with a heading and a text.</summary>
internal sealed class MsTeamsV2(IntegrationParts parts) : ChatWebhook(parts)
{
    private readonly TemplatedText _title = parts.Reader.Template("title");
    private readonly TemplatedText _text = parts.Reader.Template("text");

    protected override void Write(JsonText json, Composer composer)
    {
        json.Text("type", "message");
        json.Objects("attachments", [this], (attachment, _) =>
        {
            attachment.Text("contentType", "application/vnd.microsoft.card.adaptive");
            attachment.Null("contentUrl");
            attachment.Object("content", card => WriteCard(card, composer));
        });
    }

    private void WriteCard(JsonText json, Composer composer)
    {
        json.Text("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.Text("type", "AdaptiveCard");
        json.Text("version", "1.2");
        json.Objects("body", [true, false], (block, isHeading) =>
        {
            block.Text("type", "TextBlock");
            block.Text("text", composer.Text(isHeading ? _title : _text));
            if (isHeading)
            {
                block.Text("weight", "Bolder");
                block.Text("size", "Medium");
            }
            block.Flag("wrap", true);
            if (isHeading)
            {
                block.Text("style", "heading");
                block.Text("color", composer.IsFiring ? "Attention" : "Good");
            }
        });
        json.Object("msteams", teams => teams.Text("width", "full"));
    }
}
