using ActorMon.Model.Histograms;

namespace ActorMon.Scraping.Samples;

/// <summary>Merges buckets of an exponential histogram so that it has a coarser schema; counts stay exact sums.</summary>
internal static class HistogramResolution
{
    /// <param name="schema">Lower than the histogram's.</param>
    public static NativeHistogram Reduce(NativeHistogram histogram, int schema)
    {
        var shift = histogram.Schema - schema;
        var (positiveSpans, positive) = Reduce(histogram.PositiveSpans, histogram.PositiveBuckets, shift);
        var (negativeSpans, negative) = Reduce(histogram.NegativeSpans, histogram.NegativeBuckets, shift);
        return histogram with
        {
            Schema = schema,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
        };
    }

    private static (BucketSpan[] Spans, double[] Buckets) Reduce(BucketSpan[] spans, double[] buckets, int shift)
    {
        var newSpans = new List<BucketSpan>(spans.Length);
        var newBuckets = new List<double>(buckets.Length);
        var source = 0;
        var index = 0;
        var last = int.MinValue;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (uint i = 0; i < span.Length; i++, index++)
            {
                // Bucket i covers (base^(i-1), base^i], so that buckets 2k-1 and 2k fall into k of the next coarser schema.
                var target = ((index - 1) >> shift) + 1;
                if (target == last)
                {
                    newBuckets[^1] += buckets[source++];
                    continue;
                }
                if (newSpans.Count > 0 && target == last + 1)
                    newSpans[^1] = newSpans[^1] with { Length = newSpans[^1].Length + 1 };
                else
                    newSpans.Add(new BucketSpan(newSpans.Count == 0 ? target : target - last - 1, 1));
                newBuckets.Add(buckets[source++]);
                last = target;
            }
        }
        return ([.. newSpans], [.. newBuckets]);
    }
}
