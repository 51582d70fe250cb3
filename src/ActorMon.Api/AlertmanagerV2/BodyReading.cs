using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorMon.Model.Text;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>
/// Reads posted values as the original's decoder does: names of any case, unknown ones passed over, null the same as absent. A value of a wrong kind is a
/// <see cref="JsonException"/> with the original's text.
/// </summary>
internal static class BodyReading
{
    // Threads may lose each other's entries, which costs a string and nothing else.
    private static readonly LabelTexts Texts = new();

    /// <summary>Reads the next token, which must be there.</summary>
    public static void Next(ref Utf8JsonReader json)
    {
        if (!json.Read())
            throw new JsonException("unexpected EOF");
    }

    /// <summary>Which of the fields the property at the reader is, "" when none; the reader goes on to its value.</summary>
    public static string Field(ref Utf8JsonReader json, string[] fields)
    {
        var found = "";
        foreach (var field in fields)
            if (json.ValueTextEquals(field) || (!json.ValueIsEscaped && Ascii.EqualsIgnoreCase(Bytes(ref json), field)))
            {
                found = field;
                break;
            }
        Next(ref json);
        return found;
    }

    /// <summary>The string at the reader; null for null.</summary>
    public static string? Text(ref Utf8JsonReader json, string field)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.String)
            throw Wrong(ref json, field, "string");
        // Bytes that are no UTF-8 become U+FFFD, as in the original; the reader's own method throws.
        return json.ValueIsEscaped ? json.GetString() : Encoding.UTF8.GetString(Bytes(ref json));
    }

    private static string Shared(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) ? Texts.Get(bytes) : Encoding.UTF8.GetString(bytes);

    /// <summary>As <see cref="Text"/>, of values that many alerts share; "" for null.</summary>
    public static string SharedText(ref Utf8JsonReader json, string field) =>
        json.TokenType == JsonTokenType.String && !json.ValueIsEscaped ? Shared(Bytes(ref json)) : Text(ref json, field) ?? "";

    public static bool? Bool(ref Utf8JsonReader json, string field) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw Wrong(ref json, field, "bool"),
    };

    /// <summary>A time; null when it is absent, empty or Go's zero time.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader json, string field)
    {
        if (Text(ref json, field) is not { Length: > 0 } text)
            return null;
        if (V2Time.Read(text) is not { } time)
            throw new JsonException($"parsing time {Model.Text.GoQuote.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse it");
        return time.Year <= 1 ? null : time;
    }

    /// <summary>An object of strings; null for null.</summary>
    public static List<KeyValuePair<string, string>>? Pairs(ref Utf8JsonReader json, string field)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref json, JsonTokenType.StartObject, field, "models.LabelSet");
        var pairs = new List<KeyValuePair<string, string>>();
        for (Next(ref json); json.TokenType != JsonTokenType.EndObject; Next(ref json))
        {
            var name = json.ValueIsEscaped ? json.GetString()! : Shared(Bytes(ref json));
            Next(ref json);
            pairs.Add(new(name, SharedText(ref json, field)));
        }
        return pairs;
    }

    public static void Expect(ref Utf8JsonReader json, JsonTokenType kind, string field, string type)
    {
        if (json.TokenType != kind)
            throw Wrong(ref json, field, type);
    }

    /// <summary>After the value nothing may come but white space.</summary>
    public static void End(ref Utf8JsonReader json)
    {
        if (json.Read())
            throw new JsonException("invalid character after top-level value");
    }

    private static ReadOnlySpan<byte> Bytes(ref Utf8JsonReader json) => json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan;

    private static JsonException Wrong(ref Utf8JsonReader json, string field, string type)
    {
        var kind = json.TokenType switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.Number => "number",
            JsonTokenType.True or JsonTokenType.False => "bool",
            _ => "string",
        };
        return new JsonException(field.Length == 0 ? $"json: cannot unmarshal {kind} into Go value of type {type}" : $"json: cannot unmarshal {kind} into Go struct field {field} of type {type}");
    }
}
