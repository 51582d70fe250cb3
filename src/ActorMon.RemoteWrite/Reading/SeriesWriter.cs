using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Wire;

namespace ActorMon.RemoteWrite.Reading;

/// <summary>Parts of the remote-read messages: labels and TimeSeries with raw samples.</summary>
public static class SeriesWriter
{
    /// <summary>Labels as field 1, sorted; those of <paramref name="external"/> are added where the series has none of that name.</summary>
    public static void Labels(WireWriter writer, LabelSet series, LabelSet external)
    {
        var own = series.AsSpan();
        var other = external.AsSpan();
        var (i, j) = (0, 0);
        while (i < own.Length || j < other.Length)
        {
            var order = i == own.Length ? 1 : j == other.Length ? -1 : Model.Text.ByteText.Compare(own[i].Name, other[j].Name);
            var label = order <= 0 ? own[i] : other[j];
            if (order <= 0)
                i++;
            if (order >= 0)
                j++;
            var message = writer.Begin(1);
            writer.Text(1, label.Name);
            writer.Text(2, label.Value);
            writer.End(message);
        }
    }

    /// <summary>A TimeSeries message as the given field.</summary>
    public static void TimeSeries(WireWriter writer, int field, LabelSet series, LabelSet external, SampleBuffer samples)
    {
        var message = writer.Begin(field);
        Labels(writer, series, external);
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples.HistogramAt(i) is not null)
                continue;
            var sample = writer.Begin(2);
            writer.Double(1, samples.Values[i]);
            writer.VarintOrNothing(2, (ulong)samples.Times[i]);
            writer.End(sample);
        }
        for (var i = 0; i < samples.Count; i++)
            if (samples.HistogramAt(i) is { } histogram)
                Histogram(writer, 4, samples.Times[i], histogram);
        writer.End(message);
    }

    /// <summary>A Histogram message in its float form as the given field. Time in ms.</summary>
    public static void Histogram(WireWriter writer, int field, long time, NativeHistogram histogram)
    {
        var message = writer.Begin(field);
        writer.Double(2, histogram.Count);
        writer.Double(3, histogram.Sum);
        writer.SignedOrNothing(4, histogram.Schema);
        writer.Double(5, histogram.ZeroThreshold);
        writer.Double(7, histogram.ZeroCount);
        Spans(writer, 8, histogram.NegativeSpans);
        writer.Doubles(10, histogram.NegativeBuckets);
        Spans(writer, 11, histogram.PositiveSpans);
        writer.Doubles(13, histogram.PositiveBuckets);
        writer.VarintOrNothing(14, (ulong)histogram.CounterResetHint);
        writer.VarintOrNothing(15, (ulong)time);
        writer.Doubles(16, histogram.CustomValues);
        writer.End(message);
    }

    private static void Spans(WireWriter writer, int field, BucketSpan[] spans)
    {
        foreach (var span in spans)
        {
            var message = writer.Begin(field);
            writer.SignedOrNothing(1, span.Offset);
            writer.VarintOrNothing(2, span.Length);
            writer.End(message);
        }
    }
}
