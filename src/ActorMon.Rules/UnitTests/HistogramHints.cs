using ActorMon.Model.Histograms;

namespace ActorMon.Rules.UnitTests;

/// <summary>The counter reset hint that a histogram has when it is read back from storage: it depends on the sample before it (Prometheus' chunks of float histograms).</summary>
internal static class HistogramHints
{
    /// <param name="before">The histogram before it in its series; null: there is none.</param>
    public static NativeHistogram Stored(NativeHistogram? before, NativeHistogram histogram)
    {
        var hint = Hint(before, histogram);
        return hint == histogram.CounterResetHint ? histogram : histogram with { CounterResetHint = hint };
    }

    private static CounterResetHint Hint(NativeHistogram? before, NativeHistogram histogram)
    {
        if (histogram.CounterResetHint is CounterResetHint.Gauge or CounterResetHint.Reset)
            return histogram.CounterResetHint;
        if (before is null || before.CounterResetHint == CounterResetHint.Gauge)
            return CounterResetHint.Unknown;
        if (histogram.Count < before.Count)
            return CounterResetHint.Reset;
        // Another layout begins a chunk of its own, and nobody compares across it.
        if (histogram.Schema != before.Schema || histogram.ZeroThreshold != before.ZeroThreshold)
            return CounterResetHint.Unknown;
        return !histogram.CustomValues.AsSpan().SequenceEqual(before.CustomValues) || histogram.ZeroCount < before.ZeroCount
            || Falls(before.PositiveSpans, before.PositiveBuckets, histogram.PositiveSpans, histogram.PositiveBuckets)
            || Falls(before.NegativeSpans, before.NegativeBuckets, histogram.NegativeSpans, histogram.NegativeBuckets)
            ? CounterResetHint.Reset : CounterResetHint.NotReset;
    }

    /// <summary>Some bucket holds less than it did.</summary>
    private static bool Falls(BucketSpan[] spansBefore, double[] before, BucketSpan[] spans, double[] now)
    {
        var counts = new Dictionary<int, double>();
        foreach (var (index, count) in BucketSpans.Walk(spans, now))
            counts[index] = count;
        foreach (var (index, count) in BucketSpans.Walk(spansBefore, before))
            if (counts.GetValueOrDefault(index) < count)
                return true;
        return false;
    }
}
