using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Writing;

/// <summary>
/// Writes families as the text of io.prometheus.client.MetricFamily messages, for people to read: a field a line with a blank line behind each family, or compact,
/// a family a line. Fields come in the order the message declares them.
/// </summary>
public static class ProtobufTextWriter
{
    /// <param name="compact">A family a line (encoding=compact-text), otherwise a field a line (encoding=text).</param>
    /// <exception cref="FamilyWriteException">No name, or a metric of another type. The output may hold part of the family then.</exception>
    public static void Write(IBufferWriter<byte> output, MetricFamily family, bool compact)
    {
        WriteErrors.CheckName(family);
        var text = new ProtoTextLines(output, compact);
        text.String("name"u8, family.Name);
        if (family.Help is not null)
            text.String("help"u8, family.Help);
        text.Word("type"u8, TypeName(family.Type));
        foreach (var metric in family.Metrics)
        {
            text.Open("metric"u8);
            Labels(text, metric.Labels);
            Value(text, family, metric);
            if (metric.TimestampMs is { } timestamp)
                text.Whole("timestamp_ms"u8, timestamp);
            text.Close();
        }
        if (family.Unit is not null)
            text.String("unit"u8, family.Unit);
        text.Finish();
    }

    private static void Value(ProtoTextLines text, MetricFamily family, Metric metric)
    {
        switch (family.Type)
        {
            case MetricType.Counter:
                var counter = WriteErrors.Expect<CounterValue>(family, metric, "counter");
                text.Open("counter"u8);
                text.Double("value"u8, counter.Value);
                Exemplar(text, "exemplar"u8, counter.Exemplar);
                Time(text, "created_timestamp"u8, counter.StartTimestampMs);
                break;
            case MetricType.Gauge:
                var gauge = WriteErrors.Expect<GaugeValue>(family, metric, "gauge");
                text.Open("gauge"u8);
                text.Double("value"u8, gauge.Value);
                break;
            case MetricType.Summary:
                var summary = WriteErrors.Expect<SummaryValue>(family, metric, "summary");
                text.Open("summary"u8);
                Summary(text, summary);
                break;
            case MetricType.Histogram or MetricType.GaugeHistogram:
                var histogram = WriteErrors.Expect<HistogramValue>(family, metric, "histogram");
                text.Open("histogram"u8);
                Histogram(text, histogram);
                break;
            default:
                var untyped = WriteErrors.Expect<UntypedValue>(family, metric, "untyped");
                text.Open("untyped"u8);
                text.Double("value"u8, untyped.Value);
                break;
        }
        text.Close();
    }

    private static void Summary(ProtoTextLines text, SummaryValue summary)
    {
        text.Whole("sample_count"u8, (ulong)summary.Count);
        text.Double("sample_sum"u8, summary.Sum);
        foreach (var quantile in summary.Quantiles)
        {
            text.Open("quantile"u8);
            text.Double("quantile"u8, quantile.Quantile);
            text.Double("value"u8, quantile.Value);
            text.Close();
        }
        Time(text, "created_timestamp"u8, summary.StartTimestampMs);
    }

    private static void Histogram(ProtoTextLines text, HistogramValue histogram)
    {
        if (histogram.IsFloat)
            text.Double("sample_count_float"u8, histogram.Count);
        else
            text.Whole("sample_count"u8, (ulong)histogram.Count);
        text.Double("sample_sum"u8, histogram.Sum);
        foreach (var bucket in histogram.Buckets)
        {
            text.Open("bucket"u8);
            if (histogram.IsFloat)
                text.Double("cumulative_count_float"u8, bucket.CumulativeCount);
            else
                text.Whole("cumulative_count"u8, (ulong)bucket.CumulativeCount);
            text.Double("upper_bound"u8, bucket.UpperBound);
            Exemplar(text, "exemplar"u8, bucket.Exemplar);
            text.Close();
        }
        Time(text, "created_timestamp"u8, histogram.StartTimestampMs);
        if (histogram.Native is { } native)
            Native(text, native, histogram.IsFloat);
        foreach (var exemplar in histogram.NativeExemplars)
            Exemplar(text, "exemplars"u8, exemplar);
    }

    private static void Native(ProtoTextLines text, NativeHistogram native, bool isFloat)
    {
        text.Whole("schema"u8, native.Schema);
        text.Double("zero_threshold"u8, native.ZeroThreshold);
        if (isFloat)
            text.Double("zero_count_float"u8, native.ZeroCount);
        else
            text.Whole("zero_count"u8, (ulong)native.ZeroCount);
        Spans(text, "negative_span"u8, native.NegativeSpans);
        Buckets(text, isFloat ? "negative_count"u8 : "negative_delta"u8, native.NegativeBuckets, isFloat);
        Spans(text, "positive_span"u8, native.PositiveSpans);
        Buckets(text, isFloat ? "positive_count"u8 : "positive_delta"u8, native.PositiveBuckets, isFloat);
    }

    private static void Spans(ProtoTextLines text, ReadOnlySpan<byte> field, BucketSpan[] spans)
    {
        foreach (var span in spans)
        {
            text.Open(field);
            text.Whole("offset"u8, span.Offset);
            text.Whole("length"u8, span.Length);
            text.Close();
        }
    }

    /// <summary>Counts of a float histogram; of one of whole numbers, each bucket's difference from the one before.</summary>
    private static void Buckets(ProtoTextLines text, ReadOnlySpan<byte> field, double[] buckets, bool isFloat)
    {
        long previous = 0;
        foreach (var bucket in buckets)
        {
            if (isFloat)
            {
                text.Double(field, bucket);
                continue;
            }
            text.Whole(field, (long)bucket - previous);
            previous = (long)bucket;
        }
    }

    private static void Labels(ProtoTextLines text, IReadOnlyList<Label> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            text.Open("label"u8);
            text.String("name"u8, labels[i].Name);
            text.String("value"u8, labels[i].Value);
            text.Close();
        }
    }

    private static void Exemplar(ProtoTextLines text, ReadOnlySpan<byte> field, ExemplarValue? exemplar)
    {
        if (exemplar is null)
            return;
        text.Open(field);
        Labels(text, exemplar.Labels);
        text.Double("value"u8, exemplar.Value);
        Time(text, "timestamp"u8, exemplar.TimestampMs);
        text.Close();
    }

    private static void Time(ProtoTextLines text, ReadOnlySpan<byte> field, long? milliseconds)
    {
        if (milliseconds is not { } ms)
            return;
        var time = PreciseTimestamp.FromMilliseconds(ms);
        text.Open(field);
        // A timestamp is a proto3 message: zeros are not there.
        if (time.Seconds != 0)
            text.Whole("seconds"u8, time.Seconds);
        if (time.Nanos != 0)
            text.Whole("nanos"u8, time.Nanos);
        text.Close();
    }

    private static ReadOnlySpan<byte> TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "COUNTER"u8,
        MetricType.Gauge => "GAUGE"u8,
        MetricType.Summary => "SUMMARY"u8,
        MetricType.Histogram => "HISTOGRAM"u8,
        MetricType.GaugeHistogram => "GAUGE_HISTOGRAM"u8,
        _ => "UNTYPED"u8,
    };
}
