using System.Text.Json;
using ActorMon.Model.Labels;

namespace ActorMon.Discovery.Files;

/// <summary>
/// The JSON form of a target file: <c>[{"targets": ["host:port", ...], "labels": {"name": "value", ...}}, ...]</c>. Strict as the peer is: unknown fields,
/// values of another type, null groups and invalid label names refuse the file. null stands for no groups, no targets, no labels; field names may be in any case.
/// </summary>
public static class FileSdJson
{
    public const string NullGroup = "nil target group item found";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    public static FileSdParseResult Parse(ReadOnlyMemory<byte> text, string fileName)
    {
        var bytes = text.Span;
        if (bytes.StartsWith("\uFEFF"u8))
            return FileSdParseResult.Failed("the file starts with a byte order mark, which is no JSON");
        var reader = new Utf8JsonReader(bytes, Options);
        try
        {
            var groups = new List<TargetGroup>();
            var error = Groups(ref reader, groups);
            // Text after the array is found by reading on.
            return error is not null ? FileSdParseResult.Failed($"{error} (byte {reader.TokenStartIndex})")
                : reader.Read() ? FileSdParseResult.Failed($"text after the list of groups (byte {reader.TokenStartIndex})")
                : FileSdParseResult.Of(groups);
        }
        catch (JsonException e)
        {
            return FileSdParseResult.Failed(e.Message);
        }
        catch (InvalidOperationException)
        {
            // How the reader reports a string that is no valid Unicode.
            return FileSdParseResult.Failed($"a string is not valid UTF-8 (byte {reader.TokenStartIndex})");
        }
    }

    private static string? Groups(ref Utf8JsonReader reader, List<TargetGroup> groups)
    {
        if (!reader.Read())
            return "unexpected end of JSON input";
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return $"{Name(reader.TokenType)} where a list of groups is wanted";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null)
                return NullGroup;
            if (reader.TokenType != JsonTokenType.StartObject)
                return $"{Name(reader.TokenType)} where a group is wanted";
            if (Group(ref reader, groups) is { } error)
                return error;
        }
        return null;
    }

    private static string? Group(ref Utf8JsonReader reader, List<TargetGroup> groups)
    {
        List<LabelSet> targets = [];
        var labels = new LabelSetBuilder();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            string? error;
            if (field.Equals("targets", StringComparison.OrdinalIgnoreCase))
            {
                targets = [];
                error = Targets(ref reader, targets);
            }
            else
            {
                error = field.Equals("labels", StringComparison.OrdinalIgnoreCase) ? Labels(ref reader, labels) : $"unknown field \"{field}\"";
            }
            if (error is not null)
                return error;
        }
        groups.Add(new TargetGroup("", labels.Build(), targets));
        return null;
    }

    private static string? Targets(ref Utf8JsonReader reader, List<LabelSet> targets)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return $"{Name(reader.TokenType)} where the list of targets is wanted";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Text(ref reader) is not { } address)
                return $"{Name(reader.TokenType)} where a target is wanted";
            targets.Add(LabelSet.Of(LabelNames.Address, address));
        }
        return null;
    }

    private static string? Labels(ref Utf8JsonReader reader, LabelSetBuilder labels)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return $"{Name(reader.TokenType)} where labels are wanted";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name.Length == 0)
                return "\"\" is not a valid label name";
            reader.Read();
            if (Text(ref reader) is not { } value)
                return $"{Name(reader.TokenType)} where the value of label \"{name}\" is wanted";
            labels.Set(name, value);
        }
        return null;
    }

    /// <summary>A string; null reads as "".</summary>
    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => "",
        _ => null,
    };

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => type.ToString(),
    };
}
