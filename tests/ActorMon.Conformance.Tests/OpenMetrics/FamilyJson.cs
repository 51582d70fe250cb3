using System.Globalization;
using System.Text.Json;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

/// <summary>Families as the kit writes them: the fields of the client model.</summary>
internal static class FamilyJson
{
    public static MetricFamily Read(JsonElement json)
    {
        var type = json.TryGetProperty("Type", out var t) ? TypeOf(t) : MetricType.Counter;
        var metrics = json.TryGetProperty("Metric", out var list) ? list.EnumerateArray().Select(Metric).ToArray() : [];
        return new MetricFamily(Text(json, "Name") ?? "", type, metrics) { Help = Text(json, "Help"), Unit = Text(json, "Unit") };
    }

    /// <summary>A metric, or the null of a nil one.</summary>
    private static Metric Metric(JsonElement json) => json.ValueKind == JsonValueKind.Null
        ? null!
        : new(Labels(json), Value(json), json.TryGetProperty("TimestampMs", out var timestamp) ? timestamp.GetInt64() : null);

    private static MetricValue Value(JsonElement json)
    {
        if (json.TryGetProperty("Counter", out var counter))
            return Counter(counter);
        if (json.TryGetProperty("Gauge", out var gauge))
            return new GaugeValue(Number(gauge, "Value"));
        if (json.TryGetProperty("Summary", out var summary))
        {
            return new SummaryValue(
                Number(summary, "SampleCount"), Number(summary, "SampleSum"),
                Many(summary, "Quantile", q => new QuantileValue(Number(q, "Quantile"), Number(q, "Value"))), Timestamp(summary, "CreatedTimestamp"));
        }
        if (json.TryGetProperty("Histogram", out var histogram))
            return Histogram(histogram);
        return json.TryGetProperty("Untyped", out var untyped) ? new UntypedValue(Number(untyped, "Value")) : null!;
    }

    /// <summary>Where times are given in nanoseconds, a counter that keeps them.</summary>
    private static MetricValue Counter(JsonElement json)
    {
        var start = Precise(json, "CreatedTimestamp");
        var exemplarTime = json.TryGetProperty("Exemplar", out var exemplar) ? Precise(exemplar, "Timestamp") : null;
        if (start is null && exemplarTime is null)
            return new CounterValue(Number(json, "Value"), Exemplar(json), Timestamp(json, "CreatedTimestamp"));
        return new PreciseCounterValue(Number(json, "Value"), Exemplar(json), start) { ExemplarTime = exemplarTime };
    }

    private static HistogramValue Histogram(JsonElement json)
    {
        var isFloat = json.TryGetProperty("SampleCountFloat", out _)
            || (json.TryGetProperty("Bucket", out var buckets) && buckets.EnumerateArray().Any(b => b.TryGetProperty("CumulativeCountFloat", out _)));
        double Either(JsonElement e, string name) => e.TryGetProperty(name + "Float", out var f) ? ConformanceData.Float(f) : Number(e, name);
        return new HistogramValue(
            Either(json, "SampleCount"), Number(json, "SampleSum"),
            Many(json, "Bucket", b => new ClassicBucket(Number(b, "UpperBound"), Either(b, "CumulativeCount"), Exemplar(b))),
            Timestamp(json, "CreatedTimestamp"))
        { IsFloat = isFloat };
    }

    private static ExemplarValue? Exemplar(JsonElement json) => json.TryGetProperty("Exemplar", out var exemplar)
        ? new ExemplarValue(Labels(exemplar), Number(exemplar, "Value"), Timestamp(exemplar, "Timestamp"))
        : null;

    private static Label[] Labels(JsonElement json) => Many(
        json, "Label", l => l.ValueKind == JsonValueKind.Null ? default : new Label(Text(l, "Name")!, Text(l, "Value") ?? ""));

    private static T[] Many<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(read)] : [];

    private static double Number(JsonElement json, string name) => json.TryGetProperty(name, out var number) ? ConformanceData.Float(number) : 0;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? ConformanceData.Text(text) : null;

    /// <summary>"timestamp SECONDS".</summary>
    private static long? Timestamp(JsonElement json, string name) => json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
        ? (long)Math.Round(double.Parse(text.GetString()!["timestamp ".Length..], CultureInfo.InvariantCulture) * 1000)
        : null;

    /// <summary>An object of Seconds and Nanos.</summary>
    private static PreciseTimestamp? Precise(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var time) || time.ValueKind != JsonValueKind.Object)
            return null;
        return new PreciseTimestamp(
            time.TryGetProperty("Seconds", out var seconds) ? seconds.GetInt64() : 0, time.TryGetProperty("Nanos", out var nanos) ? nanos.GetInt32() : 0);
    }

    private static MetricType TypeOf(JsonElement type) => type.ValueKind == JsonValueKind.Number ? (MetricType)type.GetByte() : TypeOf(type.GetString()!);

    private static MetricType TypeOf(string name) => name switch
    {
        "COUNTER" => MetricType.Counter,
        "GAUGE" => MetricType.Gauge,
        "SUMMARY" => MetricType.Summary,
        "HISTOGRAM" => MetricType.Histogram,
        "GAUGE_HISTOGRAM" => MetricType.GaugeHistogram,
        _ => MetricType.Unknown,
    };
}
