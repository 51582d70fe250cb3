using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.Model.Histograms;

/// <summary>What a histogram sample must fulfil to be stored (Prometheus' Histogram.Validate and FloatHistogram.Validate). Texts are the peer's.</summary>
public static class HistogramValidation
{
    private const string NegativeBucketCount = "histogram has a bucket whose observation count is negative";
    private const string SpanNegativeOffset = "histogram has a span whose offset is negative";
    private const string SpansBucketsMismatch = "histogram spans specify different number of buckets than provided";

    /// <summary>The peer's text of the first fault of a float histogram, or null.</summary>
    public static string? Check(NativeHistogram h) => Check(h, integers: false, out _);

    /// <summary>As <see cref="Check(NativeHistogram)"/> for a histogram that came with integer counts: its count must also equal the sum of its buckets (not be below it when the sum is NaN).</summary>
    public static string? CheckInteger(NativeHistogram h)
    {
        if (Check(h, integers: true, out var inBuckets) is { } fault)
            return fault;
        inBuckets += h.ZeroCount;
        if (double.IsNaN(h.Sum) ? inBuckets <= h.Count : inBuckets == h.Count)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{inBuckets:F0} observations found in buckets, but the Count field is {h.Count:F0}: ") + (double.IsNaN(h.Sum)
            ? "histogram's observation count should be at least the number of observations found in the buckets"
            : "histogram's observation count should equal the number of observations found in the buckets (in absence of NaN)");
    }

    private static string? Check(NativeHistogram h, bool integers, out double inBuckets)
    {
        inBuckets = 0;
        if (h.UsesCustomBuckets)
        {
            if (CheckCustomBounds(h) is { } fault)
                return "custom buckets: " + fault;
            if (h.ZeroCount != 0)
                return "custom buckets: must have zero count of 0";
            if (h.ZeroThreshold != 0)
                return "custom buckets: must have zero threshold of 0";
            if (h.NegativeSpans.Length > 0)
                return "custom buckets: must not have negative spans";
            if (h.NegativeBuckets.Length > 0)
                return "custom buckets: must not have negative buckets";
        }
        else if (h.Schema is >= NativeHistogram.MinSchema and <= NativeHistogram.MaxSchema)
        {
            var fault = Prefixed("positive side: ", CheckSpans(h.PositiveSpans, h.PositiveBuckets.Length))
                        ?? Prefixed("negative side: ", CheckSpans(h.NegativeSpans, h.NegativeBuckets.Length) ?? CheckCounts(h.NegativeBuckets, integers, ref inBuckets));
            if (fault is not null)
                return fault;
            if (h.ZeroCount < 0)
                return $"zero bucket has observation count of {GoFloat.FormatG(h.ZeroCount)}: {NegativeBucketCount}";
            if (h.CustomValues.Length > 0)
                return "histogram with exponential schema must not have custom bounds";
        }
        else
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets, got schema {h.Schema}");
        }
        if (h.Count < 0)
            return $"observation count is  {GoFloat.FormatG(h.Count)}: histogram's observation count is negative";
        return Prefixed("positive side: ", CheckCounts(h.PositiveBuckets, integers, ref inBuckets));
    }

    private static string? Prefixed(string prefix, string? fault) => fault is null ? null : prefix + fault;

    private static string? CheckSpans(BucketSpan[] spans, int buckets)
    {
        var needed = 0L;
        for (var i = 0; i < spans.Length; i++)
        {
            if (i > 0 && spans[i].Offset < 0)
                return NegativeOffset(spans, i);
            needed += spans[i].Length;
        }
        return needed == buckets ? null : Mismatch(needed, buckets);
    }

    private static string? CheckCounts(double[] counts, bool integers, ref double sum)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
                return string.Create(CultureInfo.InvariantCulture, $"bucket number {i + 1} has observation count of ")
                       + (integers ? counts[i].ToString("F0", CultureInfo.InvariantCulture) : GoFloat.FormatG(counts[i])) + ": " + NegativeBucketCount;
            sum += counts[i];
        }
        return null;
    }

    private static string? CheckCustomBounds(NativeHistogram h)
    {
        var before = double.NegativeInfinity;
        for (var i = 0; i < h.CustomValues.Length; i++)
        {
            var bound = h.CustomValues[i];
            if (double.IsNaN(bound))
                return "histogram custom bounds must not be NaN";
            if (i > 0 && bound <= before)
                return $"previous bound is {Fixed(before)} and current is {Fixed(bound)}: histogram custom bounds must be in strictly increasing order";
            before = bound;
        }
        if (double.IsPositiveInfinity(before))
            return "last +Inf bound must not be explicitly defined: histogram custom bounds must be finite";
        long needed = 0, covered = 0;
        for (var i = 0; i < h.PositiveSpans.Length; i++)
        {
            if (h.PositiveSpans[i].Offset < 0)
                return NegativeOffset(h.PositiveSpans, i);
            needed += h.PositiveSpans[i].Length;
            covered += h.PositiveSpans[i].Length + h.PositiveSpans[i].Offset;
        }
        if (needed != h.PositiveBuckets.Length)
            return Mismatch(needed, h.PositiveBuckets.Length);
        return h.CustomValues.Length + 1 >= covered
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"only {h.CustomValues.Length} custom bounds defined which is insufficient to cover total span length of {covered}: histogram custom bounds are too few");
    }

    private static string NegativeOffset(BucketSpan[] spans, int i) =>
        string.Create(CultureInfo.InvariantCulture, $"span number {i + 1} with offset {spans[i].Offset}: {SpanNegativeOffset}");

    private static string Mismatch(long needed, int buckets) =>
        string.Create(CultureInfo.InvariantCulture, $"spans need {needed} buckets, have {buckets} buckets: {SpansBucketsMismatch}");

    /// <summary>Go's %f: six digits behind the point.</summary>
    private static string Fixed(double value) => double.IsFinite(value)
        ? value.ToString("F6", CultureInfo.InvariantCulture)
        : GoFloat.FormatG(value);
}
