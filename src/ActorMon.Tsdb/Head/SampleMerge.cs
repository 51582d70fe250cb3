using System.Numerics;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>
/// Brings samples of one series that were gathered from several places into time order, one sample a time.
/// Equal times: a stale marker loses, then a float loses against a histogram, then <see cref="SampleOrder"/> decides; histograms by count, sum, then bytes.
/// </summary>
internal static class SampleMerge
{
    public static void Normalize(SampleBuffer buffer)
    {
        if (!Ascends(buffer.Times))
            Sort(buffer);
    }

    /// <summary>Each time against the one before it, as many at once as the machine compares.</summary>
    private static bool Ascends(ReadOnlySpan<long> times)
    {
        var at = 1;
        for (; at <= times.Length - Vector<long>.Count; at += Vector<long>.Count)
            if (!Vector.GreaterThanAll(new Vector<long>(times[at..]), new Vector<long>(times[(at - 1)..])))
                return false;
        for (; at < times.Length; at++)
            if (times[at] <= times[at - 1])
                return false;
        return true;
    }

    private static void Sort(SampleBuffer buffer)
    {
        var samples = new Sample[buffer.Count];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = new Sample(buffer.Times[i], buffer.Values[i], buffer.HistogramAt(i));
        Array.Sort(samples, static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : Compare(b, a));
        buffer.Clear();
        for (var i = 0; i < samples.Length; i++)
        {
            ref readonly var sample = ref samples[i];
            if (i > 0 && samples[i - 1].Time == sample.Time)
                continue;
            if (sample.Histogram is not null)
                buffer.Add(sample.Time, sample.Histogram);
            else
                buffer.Add(sample.Time, sample.Value);
        }
    }

    private static int Compare(in Sample a, in Sample b)
    {
        if (a.Histogram is null && b.Histogram is null)
            return SampleOrder.Compare(a.Value, b.Value);
        if (a.IsStale != b.IsStale)
            return a.IsStale ? -1 : 1;
        if (a.Histogram is null || b.Histogram is null)
            return a.Histogram is null ? -1 : 1;
        var order = a.Histogram.Count.CompareTo(b.Histogram.Count);
        if (order == 0)
            order = SampleOrder.Compare(a.Histogram.Sum, b.Histogram.Sum);
        return order != 0 ? order : CompareBytes(a.Histogram, b.Histogram);
    }

    private static int CompareBytes(NativeHistogram a, NativeHistogram b)
    {
        var x = new byte[HistogramCodec.MaxSize(a)];
        var y = new byte[HistogramCodec.MaxSize(b)];
        return x.AsSpan(0, HistogramCodec.Encode(a, x)).SequenceCompareTo(y.AsSpan(0, HistogramCodec.Encode(b, y)));
    }

    private readonly record struct Sample(long Time, double Value, NativeHistogram? Histogram)
    {
        public bool IsStale => SpecialValues.IsStale(Histogram?.Sum ?? Value);
    }
}
