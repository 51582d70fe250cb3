namespace ActorMon.Model.Histograms;

/// <summary>Changes of a histogram's resolution and layout; each returns a new histogram.</summary>
public static class HistogramShape
{
    /// <summary>The least schema that is read and then reduced to -4.</summary>
    public const int MinKnownSchema = -9;

    /// <summary>The greatest schema that is read and then reduced to 8.</summary>
    public const int MaxKnownSchema = 52;

    /// <summary>
    /// Merges buckets so that the histogram has a lower schema. Null when it has custom buckets, the target is not lower, or spans and counts do not fit.
    /// </summary>
    public static NativeHistogram? ReduceResolution(NativeHistogram h, int targetSchema)
    {
        if (h.UsesCustomBuckets || targetSchema == NativeHistogram.CustomBucketsSchema || targetSchema >= h.Schema)
            return null;
        if (Reduce(h.PositiveSpans, h.PositiveBuckets, h.Schema, targetSchema) is not { } positive
            || Reduce(h.NegativeSpans, h.NegativeBuckets, h.Schema, targetSchema) is not { } negative)
            return null;
        return h with
        {
            Schema = targetSchema,
            PositiveSpans = positive.Spans,
            PositiveBuckets = positive.Counts,
            NegativeSpans = negative.Spans,
            NegativeBuckets = negative.Counts,
        };
    }

    /// <summary>
    /// Drops empty buckets at the ends of spans and, in their middle, runs of more than <paramref name="maxEmptyBuckets"/>; joins spans that lie no further apart
    /// than that, filling the gap with empty buckets (Prometheus' Compact).
    /// </summary>
    public static NativeHistogram Compact(NativeHistogram h, int maxEmptyBuckets)
    {
        var (positiveSpans, positive) = Compact(h.PositiveSpans, h.PositiveBuckets, maxEmptyBuckets);
        var (negativeSpans, negative) = Compact(h.NegativeSpans, h.NegativeBuckets, maxEmptyBuckets);
        return ReferenceEquals(positive, h.PositiveBuckets) && ReferenceEquals(negative, h.NegativeBuckets)
            ? h
            : h with { PositiveSpans = positiveSpans, PositiveBuckets = positive, NegativeSpans = negativeSpans, NegativeBuckets = negative };
    }

    private static BucketListBuilder? Reduce(BucketSpan[] spans, double[] counts, int schema, int targetSchema)
    {
        var reduced = new BucketListBuilder();
        var walked = 0;
        foreach (var (index, count) in BucketSpans.Walk(spans, counts))
        {
            reduced.Add(HistogramBounds.IndexInSchema(index, schema, targetSchema), count);
            walked++;
        }
        var needed = 0L;
        for (var i = 0; i < spans.Length; i++)
        {
            if (i > 0 && spans[i].Offset < 0)
                return null;
            needed += spans[i].Length;
        }
        return walked < needed ? null : reduced;
    }

    private static (BucketSpan[] Spans, double[] Counts) Compact(BucketSpan[] spans, double[] counts, int maxEmptyBuckets)
    {
        if (IsCompact(spans, counts, maxEmptyBuckets))
            return (spans, counts);
        var compacted = new BucketListBuilder();
        var last = 0;
        foreach (var (index, count) in BucketSpans.Walk(spans, counts))
        {
            if (count == 0)
                continue;
            // Few enough empty buckets are cheaper than another span.
            if (compacted.Count > 0 && (long)index - last - 1 <= maxEmptyBuckets)
                for (var empty = last + 1; empty < index; empty++)
                    compacted.Add(empty, 0);
            compacted.Add(index, count);
            last = index;
        }
        return (compacted.Spans, compacted.Counts);
    }

    private static bool IsCompact(BucketSpan[] spans, double[] counts, int maxEmptyBuckets)
    {
        if (counts.AsSpan().Contains(0))
            return false;
        for (var i = 0; i < spans.Length; i++)
            if (spans[i].Length == 0 || (i > 0 && spans[i].Offset <= maxEmptyBuckets))
                return false;
        return true;
    }
}
