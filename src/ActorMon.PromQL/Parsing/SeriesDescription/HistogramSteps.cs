using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorMon.Model.Histograms;

namespace ActorMon.PromQL.Parsing.SeriesDescription;

/// <summary>
/// One step of "{{A}}+{{B}}xN": a histogram with another added to it or taken away. The result keeps the first one's schema; zero buckets are brought to the
/// wider threshold; custom bounds must be equal.
/// </summary>
internal static class HistogramSteps
{
    public static bool TryAdd(
        NativeHistogram current, NativeHistogram step, bool subtract, [NotNullWhen(true)] out NativeHistogram? sum, [NotNullWhen(false)] out string? error)
    {
        sum = null;
        error = null;
        if (current.Schema > step.Schema)
            error = string.Create(CultureInfo.InvariantCulture, $"error combining histograms: cannot merge from schema {step.Schema} to {current.Schema}");
        else if (current.UsesCustomBuckets != step.UsesCustomBuckets)
            error = "cannot apply this operation on histograms with a mix of exponential and custom bucket schemas";
        else if (!current.CustomValues.AsSpan().SequenceEqual(step.CustomValues))
            error = "histograms of a series must have the same custom_values";
        if (error is not null)
            return false;

        if (current.Schema < step.Schema && HistogramShape.ReduceResolution(step, current.Schema) is { } reduced)
            step = reduced;
        // Widening one zero bucket to swallow a bucket whole can make it wider than the other one.
        while (current.ZeroThreshold != step.ZeroThreshold)
        {
            if (current.ZeroThreshold < step.ZeroThreshold)
                current = WidenZeroBucket(current, step.ZeroThreshold);
            else
                step = WidenZeroBucket(step, current.ZeroThreshold);
        }
        var sign = subtract ? -1 : 1;
        var positive = Merge(current.PositiveSpans, current.PositiveBuckets, step.PositiveSpans, step.PositiveBuckets, sign);
        var negative = Merge(current.NegativeSpans, current.NegativeBuckets, step.NegativeSpans, step.NegativeBuckets, sign);
        sum = current with
        {
            CounterResetHint = Combine(current.CounterResetHint, step.CounterResetHint),
            Count = current.Count + (sign * step.Count),
            Sum = current.Sum + (sign * step.Sum),
            ZeroCount = current.ZeroCount + (sign * step.ZeroCount),
            PositiveSpans = positive.Spans,
            PositiveBuckets = positive.Counts,
            NegativeSpans = negative.Spans,
            NegativeBuckets = negative.Counts,
        };
        return true;
    }

    /// <summary>A gauge wins over everything; otherwise what differs is unknown.</summary>
    private static CounterResetHint Combine(CounterResetHint a, CounterResetHint b)
    {
        if (a == b)
            return a;
        return a == CounterResetHint.Gauge || b == CounterResetHint.Gauge ? CounterResetHint.Gauge : CounterResetHint.Unknown;
    }

    private static BucketListBuilder Merge(BucketSpan[] spans, double[] counts, BucketSpan[] otherSpans, double[] otherCounts, int sign)
    {
        var merged = new SortedDictionary<int, double>();
        foreach (var (index, count) in BucketSpans.Walk(spans, counts))
            merged[index] = count;
        foreach (var (index, count) in BucketSpans.Walk(otherSpans, otherCounts))
            merged[index] = merged.GetValueOrDefault(index) + (sign * count);
        var list = new BucketListBuilder();
        foreach (var (index, count) in merged)
            list.Add(index, count);
        return list;
    }

    /// <summary>Moves what lies below the threshold into the zero bucket; a filled bucket that reaches above it raises the threshold to its own bound.</summary>
    private static NativeHistogram WidenZeroBucket(NativeHistogram h, double threshold)
    {
        var width = Math.Max(
            UpperBoundOfFilled(h.PositiveSpans, h.PositiveBuckets, h.Schema, threshold),
            UpperBoundOfFilled(h.NegativeSpans, h.NegativeBuckets, h.Schema, threshold));
        if (width > threshold)
            return WidenZeroBucket(h, width);
        var zeroCount = h.ZeroCount;
        var positive = WithoutBelow(h.PositiveSpans, h.PositiveBuckets, h.Schema, threshold, ref zeroCount);
        var negative = WithoutBelow(h.NegativeSpans, h.NegativeBuckets, h.Schema, threshold, ref zeroCount);
        return h with
        {
            ZeroThreshold = threshold,
            ZeroCount = zeroCount,
            PositiveSpans = positive.Spans,
            PositiveBuckets = positive.Counts,
            NegativeSpans = negative.Spans,
            NegativeBuckets = negative.Counts,
        };
    }

    private static double UpperBoundOfFilled(BucketSpan[] spans, double[] counts, int schema, double threshold)
    {
        var bound = threshold;
        foreach (var (index, count) in BucketSpans.Walk(spans, counts))
            if (count != 0 && HistogramBounds.Exponential(index - 1, schema) < threshold)
                bound = Math.Max(bound, HistogramBounds.Exponential(index, schema));
        return bound;
    }

    private static BucketListBuilder WithoutBelow(BucketSpan[] spans, double[] counts, int schema, double threshold, ref double zeroCount)
    {
        var kept = new BucketListBuilder();
        foreach (var (index, count) in BucketSpans.Walk(spans, counts))
        {
            if (HistogramBounds.Exponential(index - 1, schema) < threshold)
                zeroCount += count;
            else
                kept.Add(index, count);
        }
        return kept;
    }
}
