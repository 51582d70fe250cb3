using System.Text.Json;

namespace ActorMon.Receivers.Sending;

/// <summary>A receiver's answer in JSON, read leniently: what is absent or of another type is empty.</summary>
internal sealed class JsonAnswer
{
    private readonly JsonElement _element;

    private JsonAnswer(JsonElement element) => _element = element;

    /// <summary>Null: the text is no JSON object.</summary>
    public static JsonAnswer? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new JsonAnswer(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    public bool Flag(string name) => Find(name) is { ValueKind: JsonValueKind.True };

    public int Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : 0;

    public IEnumerable<string> Texts(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!) : [];

    public JsonAnswer? Object(string name) => Find(name) is { ValueKind: JsonValueKind.Object } member ? new JsonAnswer(member) : null;

    public IEnumerable<JsonAnswer> Objects(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(i => new JsonAnswer(i)) : [];

    private JsonElement? Find(string name) => _element.TryGetProperty(name, out var member) ? member : null;
}
