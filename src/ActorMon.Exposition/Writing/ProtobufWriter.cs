using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Protobuf;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Wire;

namespace ActorMon.Exposition.Writing;

/// <summary>Writes families as varint-delimited io.prometheus.client.MetricFamily messages. Not thread-safe; keeps its buffer from family to family.</summary>
public sealed class ProtobufWriter
{
    private readonly WireWriter _proto = new();

    /// <exception cref="FamilyWriteException">No name, or a metric of another type; nothing is written then.</exception>
    public void Write(IBufferWriter<byte> output, MetricFamily family)
    {
        WriteErrors.CheckName(family);
        _proto.Reset();
        _proto.Text(1, family.Name);
        if (family.Help is not null)
            _proto.Text(2, family.Help);
        _proto.Varint(3, (ulong)TypeOf(family.Type));
        foreach (var metric in family.Metrics)
        {
            var message = _proto.Begin(4);
            WriteMetric(family, metric);
            _proto.End(message);
        }
        if (family.Unit is not null)
            _proto.Text(5, family.Unit);
        var size = (uint)_proto.Length;
        for (; size >= 0x80; size >>= 7)
            WriteByte(output, (byte)(size | 0x80));
        WriteByte(output, (byte)size);
        output.Write(_proto.Written);
    }

    private void WriteMetric(MetricFamily family, Metric metric)
    {
        WriteLabels(metric.Labels);
        switch (TypeOf(family.Type))
        {
            case FamilyType.Counter:
                WriteCounter(WriteErrors.Expect<CounterValue>(family, metric, "counter"));
                break;
            case FamilyType.Gauge:
                WriteValue(2, WriteErrors.Expect<GaugeValue>(family, metric, "gauge").Value);
                break;
            case FamilyType.Summary:
                WriteSummary(WriteErrors.Expect<SummaryValue>(family, metric, "summary"));
                break;
            case FamilyType.Untyped:
                WriteValue(5, WriteErrors.Expect<UntypedValue>(family, metric, "untyped").Value);
                break;
            default:
                var message = _proto.Begin(7);
                WriteHistogram(WriteErrors.Expect<HistogramValue>(family, metric, "histogram"));
                _proto.End(message);
                break;
        }
        if (metric.TimestampMs is { } timestamp)
            _proto.Varint(6, (ulong)timestamp);
    }

    private void WriteLabels(IReadOnlyList<Label> labels)
    {
        foreach (var label in labels)
        {
            var message = _proto.Begin(1);
            _proto.Text(1, label.Name);
            _proto.Text(2, label.Value);
            _proto.End(message);
        }
    }

    private void WriteValue(int field, double value)
    {
        var message = _proto.Begin(field);
        _proto.Double(1, value);
        _proto.End(message);
    }

    private void WriteCounter(CounterValue counter)
    {
        var message = _proto.Begin(3);
        _proto.Double(1, counter.Value);
        WriteExemplar(2, counter.Exemplar);
        WriteTimestamp(3, counter.StartTimestampMs);
        _proto.End(message);
    }

    private void WriteSummary(SummaryValue summary)
    {
        var message = _proto.Begin(4);
        _proto.Varint(1, (ulong)summary.Count);
        _proto.Double(2, summary.Sum);
        foreach (var quantile in summary.Quantiles)
        {
            var inner = _proto.Begin(3);
            _proto.Double(1, quantile.Quantile);
            _proto.Double(2, quantile.Value);
            _proto.End(inner);
        }
        WriteTimestamp(4, summary.StartTimestampMs);
        _proto.End(message);
    }

    private void WriteHistogram(HistogramValue histogram)
    {
        if (histogram.IsFloat)
            _proto.Double(4, histogram.Count);
        else
            _proto.Varint(1, (ulong)histogram.Count);
        _proto.Double(2, histogram.Sum);
        foreach (var bucket in histogram.Buckets)
        {
            var message = _proto.Begin(3);
            if (histogram.IsFloat)
                _proto.Double(4, bucket.CumulativeCount);
            else
                _proto.Varint(1, (ulong)bucket.CumulativeCount);
            _proto.Double(2, bucket.UpperBound);
            WriteExemplar(3, bucket.Exemplar);
            _proto.End(message);
        }
        if (histogram.Native is { } native)
            WriteNative(native, histogram.IsFloat);
        WriteTimestamp(15, histogram.StartTimestampMs);
        foreach (var exemplar in histogram.NativeExemplars)
            WriteExemplar(16, exemplar);
    }

    private void WriteNative(NativeHistogram native, bool isFloat)
    {
        _proto.Signed(5, native.Schema);
        _proto.Double(6, native.ZeroThreshold);
        if (isFloat)
            _proto.Double(8, native.ZeroCount);
        else
            _proto.Varint(7, (ulong)native.ZeroCount);
        WriteSide(9, native.NegativeSpans, native.NegativeBuckets, isFloat);
        WriteSide(12, native.PositiveSpans, native.PositiveBuckets, isFloat);
        // Without any span or zero bucket a reader would take it for a classic histogram; an empty span tells.
        if (native.PositiveSpans.Length == 0 && native.NegativeSpans.Length == 0 && native.ZeroThreshold == 0 && native.ZeroCount == 0)
            WriteSpan(12, default);
    }

    /// <summary>Spans, then deltas or counts: their tags follow each other.</summary>
    private void WriteSide(int spanField, BucketSpan[] spans, double[] buckets, bool isFloat)
    {
        foreach (var span in spans)
            WriteSpan(spanField, span);
        long previous = 0;
        foreach (var bucket in buckets)
        {
            if (isFloat)
            {
                _proto.Double(spanField + 2, bucket);
                continue;
            }
            _proto.Signed(spanField + 1, (long)bucket - previous);
            previous = (long)bucket;
        }
    }

    private void WriteSpan(int field, BucketSpan span)
    {
        var message = _proto.Begin(field);
        _proto.Signed(1, span.Offset);
        _proto.Varint(2, span.Length);
        _proto.End(message);
    }

    private void WriteExemplar(int field, ExemplarValue? exemplar)
    {
        if (exemplar is null)
            return;
        var message = _proto.Begin(field);
        WriteLabels(exemplar.Labels);
        _proto.Double(2, exemplar.Value);
        WriteTimestamp(3, exemplar.TimestampMs);
        _proto.End(message);
    }

    private void WriteTimestamp(int field, long? milliseconds)
    {
        if (milliseconds is not { } ms)
            return;
        var seconds = Math.DivRem(ms, 1000, out var rest);
        // The nanoseconds of a timestamp count forward, before 1970 too.
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + 1000);
        var message = _proto.Begin(field);
        _proto.Varint(1, (ulong)seconds);
        _proto.Varint(2, (ulong)(rest * 1_000_000));
        _proto.End(message);
    }

    private static void WriteByte(IBufferWriter<byte> output, byte b)
    {
        output.GetSpan(1)[0] = b;
        output.Advance(1);
    }

    private static FamilyType TypeOf(MetricType type) => type switch
    {
        MetricType.Counter => FamilyType.Counter,
        MetricType.Gauge => FamilyType.Gauge,
        MetricType.Summary => FamilyType.Summary,
        MetricType.Histogram => FamilyType.Histogram,
        MetricType.GaugeHistogram => FamilyType.GaugeHistogram,
        _ => FamilyType.Untyped,
    };
}
