using ActorMon.Model.Metadata;

namespace ActorMon.Api.Json;

/// <summary>Metric metadata as {type, help, unit}.</summary>
public static class MetadataJson
{
    public static void Write(JsonOut json, MetricMetadata metadata)
    {
        json.Raw("{\"type\":"u8);
        json.String(TypeText(metadata.Type));
        json.Raw(",\"help\":"u8);
        json.String(metadata.Help);
        json.Raw(",\"unit\":"u8);
        json.String(metadata.Unit);
        json.Raw((byte)'}');
    }

    public static string TypeText(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Histogram => "histogram",
        MetricType.GaugeHistogram => "gaugehistogram",
        MetricType.Summary => "summary",
        MetricType.Info => "info",
        MetricType.StateSet => "stateset",
        _ => "unknown",
    };
}
