using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Chat;

/// <summary>A title and a value below the text of a message. Each product has its own order and its own rule for what is left out.</summary>
internal sealed record ChatField(TemplatedText Title, TemplatedText Value, bool? Short)
{
    /// <param name="reader">The section that holds the fields.</param>
    /// <param name="shortByDefault">What a field is that does not say; null: it stays unsaid.</param>
    public static IReadOnlyList<ChatField> List(SettingsReader reader, bool? shortByDefault) =>
        [.. reader.Sections("fields").Select(field => new ChatField(field.Template("title"), field.Template("value"), field.OptionalBool("short") ?? shortByDefault))];

    public void Write(JsonText json, Composer composer)
    {
        WriteTexts(json, composer);
        if (Short is { } isShort)
            json.Flag("short", isShort);
    }

    public void WriteTexts(JsonText json, Composer composer)
    {
        json.TextIfAny("title", composer.Text(Title));
        json.TextIfAny("value", composer.Text(Value));
    }
}
