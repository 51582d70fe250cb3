using ActorMon.Model.Metadata;

namespace ActorMon.Api.Json;

/// <summary>Metric metadata as {type, help, unit}.</summary>
public static class MetadataJson
{
    public static void Write(JsonOut json, MetricMetadata metadata)
    {
        json.Raw("{\"type\":"u8);
        json.String(MetricTypeNames.NameOf(metadata.Type));
        json.Raw(",\"help\":"u8);
        json.String(metadata.Help);
        json.Raw(",\"unit\":"u8);
        json.String(metadata.Unit);
        json.Raw((byte)'}');
    }
}
