using ActorMon.Model.Histograms;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Samples;

/// <summary>
/// native_histogram_min_bucket_factor and native_histogram_bucket_limit: the resolution is halved until a histogram fits; one that cannot fit fails the scrape.
/// </summary>
internal readonly struct HistogramLimits
{
    public const string BucketLimitError = "histogram bucket limit exceeded";

    /// <summary>The growth factor of the finest schema; a smaller demand asks for nothing.</summary>
    private const double FinestFactor = 1.00271;

    private readonly long _bucketLimit;
    private readonly int _maxSchema;

    public HistogramLimits(ScrapeJob job)
    {
        _bucketLimit = job.NativeHistogramBucketLimit;
        var factor = job.NativeHistogramMinBucketFactor <= 1 ? FinestFactor : job.NativeHistogramMinBucketFactor;
        var schema = Math.Floor(-Math.Log2(Math.Log2(factor)));
        _maxSchema = (int)Math.Clamp(schema, NativeHistogram.MinSchema, NativeHistogram.MaxSchema);
    }

    /// <summary>The histogram as it is stored, or null when it has too many buckets at the coarsest resolution.</summary>
    public NativeHistogram? Apply(NativeHistogram histogram)
    {
        if (histogram.UsesCustomBuckets)
            return _bucketLimit > 0 && Buckets(histogram) > _bucketLimit ? null : histogram;
        if (histogram.Schema > _maxSchema)
            histogram = histogram.ReduceResolution(_maxSchema);
        while (_bucketLimit > 0 && Buckets(histogram) > _bucketLimit)
        {
            if (histogram.Schema <= NativeHistogram.MinSchema)
                return null;
            histogram = histogram.ReduceResolution(histogram.Schema - 1);
        }
        return histogram;
    }

    private static long Buckets(NativeHistogram histogram) => (long)histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length;
}
