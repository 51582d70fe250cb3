using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api.Json;

/// <summary>
/// The node's own metrics as a list of MetricFamily messages in protobuf's JSON mapping: names in camel case, 64-bit integers and numbers that are not finite as strings.
/// </summary>
public static class SelfMetricsJson
{
    public static void Write(JsonOut json, IEnumerable<SelfFamily> families)
    {
        json.Raw((byte)'[');
        var first = true;
        foreach (var family in families)
        {
            json.Raw(first ? "{\"name\":"u8 : ",{\"name\":"u8);
            first = false;
            json.String(family.Name);
            json.Raw(",\"help\":"u8);
            json.String(family.Help);
            json.Raw(",\"type\":"u8);
            json.String(TypeName(family.Type));
            json.Raw(",\"metric\":["u8);
            for (var i = 0; i < family.Metrics.Count; i++)
            {
                json.Raw(i > 0 ? ",{"u8 : "{"u8);
                Labels(json, family.Metrics[i].Labels);
                Value(json, family.Type, family.Metrics[i]);
                json.Raw((byte)'}');
            }
            json.Raw("]}"u8);
        }
        json.Raw((byte)']');
    }

    private static void Labels(JsonOut json, LabelSet labels)
    {
        if (labels.Count == 0)
            return;
        json.Raw("\"label\":["u8);
        for (var i = 0; i < labels.Count; i++)
        {
            json.Raw(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
            json.String(labels[i].Name);
            json.Raw(",\"value\":"u8);
            json.String(labels[i].Value);
            json.Raw((byte)'}');
        }
        json.Raw("],"u8);
    }

    private static void Value(JsonOut json, MetricType type, in SelfMetric metric)
    {
        if (metric.Histogram is { } histogram)
        {
            Sums(json, "histogram", histogram.Cumulative[^1], histogram.Sum, "bucket");
            for (var i = 0; i < histogram.Bounds.Count; i++)
            {
                json.Raw(i > 0 ? ",{\"cumulativeCount\":\""u8 : "{\"cumulativeCount\":\""u8);
                json.Number(histogram.Cumulative[i]);
                json.Raw("\",\"upperBound\":"u8);
                Double(json, histogram.Bounds[i]);
                json.Raw((byte)'}');
            }
            json.Raw("]}"u8);
        }
        else if (metric.Summary is { } summary)
        {
            Sums(json, "summary", summary.Count, summary.Sum, "quantile");
            for (var i = 0; i < summary.Values.Length; i++)
            {
                json.Raw(i > 0 ? ",{\"quantile\":"u8 : "{\"quantile\":"u8);
                Double(json, summary.Quantiles[i]);
                json.Raw(",\"value\":"u8);
                Double(json, summary.Values[i]);
                json.Raw((byte)'}');
            }
            json.Raw("]}"u8);
        }
        else
        {
            json.Raw(type == MetricType.Counter ? "\"counter\":{\"value\":"u8 : "\"gauge\":{\"value\":"u8);
            Double(json, metric.Value);
            json.Raw((byte)'}');
        }
    }

    /// <summary>Opens the value with its count, its sum and the list that follows.</summary>
    private static void Sums(JsonOut json, string kind, long count, double sum, string list)
    {
        json.Name(kind);
        json.Raw("{\"sampleCount\":\""u8);
        json.Number(count);
        json.Raw("\",\"sampleSum\":"u8);
        Double(json, sum);
        json.Raw((byte)',');
        json.Name(list);
        json.Raw((byte)'[');
    }

    private static void Double(JsonOut json, double value)
    {
        if (double.IsFinite(value))
            json.Number(value);
        else
            json.String(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static string TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "COUNTER",
        MetricType.Histogram => "HISTOGRAM",
        MetricType.Summary => "SUMMARY",
        MetricType.Gauge => "GAUGE",
        _ => "UNTYPED",
    };
}
