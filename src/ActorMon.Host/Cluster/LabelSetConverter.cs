using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMon.Model.Labels;

namespace ActorMon.Host.Cluster;

/// <summary>Label sets as JSON objects.</summary>
internal sealed class LabelSetConverter : JsonConverter<LabelSet>
{
    public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("labels are an object");
        var builder = new LabelSetBuilder();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            builder.Set(name, reader.GetString() ?? throw new JsonException("a label's value is a string"));
        }
        return builder.Build();
    }

    public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (ref readonly var label in value.AsSpan())
            writer.WriteString(label.Name, label.Value);
        writer.WriteEndObject();
    }
}
