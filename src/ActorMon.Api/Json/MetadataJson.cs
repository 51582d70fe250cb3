using ActorMon.Model.Metadata;

namespace ActorMon.Api.Json;

/// <summary>Metric metadata as {type, help, unit}, in an object of its own or beside other fields.</summary>
internal static class MetadataJson
{
    public static void Write(JsonOut json, MetricMetadata metadata) => Fields(JsonObject.Begin(json), metadata).End();

    public static JsonObject Fields(JsonObject shown, MetricMetadata metadata) =>
        shown.Field("type", MetricTypeNames.NameOf(metadata.Type)).Field("help", metadata.Help).Field("unit", metadata.Unit);
}
