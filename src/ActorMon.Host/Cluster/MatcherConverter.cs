using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMon.Model.Matchers;

namespace ActorMon.Host.Cluster;

/// <summary>Matchers as JSON arrays of operator number, name and value.</summary>
internal sealed class MatcherConverter : JsonConverter<Matcher>
{
    public override Matcher Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = JsonSerializer.Deserialize<string[]>(ref reader, options);
        try
        {
            return parts is [var op, var name, var value] && Enum.TryParse<MatchOperator>(op, out var known) && Enum.IsDefined(known)
                ? new Matcher(known, name, value)
                : throw new JsonException("a matcher has an operator, a name and a value");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Matcher value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<string[]>(writer, [value.Operator.ToString(), value.Name, value.Value], options);
}
