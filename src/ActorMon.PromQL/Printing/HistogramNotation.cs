using System.Text;
using ActorMon.Model.Histograms;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Printing;

/// <summary>Histograms in the notation of tests, {{schema:1 count:3 sum:2.5 buckets:[1 2]}}: what is zero, unknown or empty is left out.</summary>
public static class HistogramNotation
{
    public static string Print(NativeHistogram histogram)
    {
        var text = new StringBuilder("{{");
        Append(text, "schema", histogram.Schema);
        Append(text, "count", histogram.Count);
        Append(text, "sum", histogram.Sum);
        Append(text, "z_bucket", histogram.ZeroCount);
        Append(text, "z_bucket_w", histogram.ZeroThreshold);
        if (histogram.UsesCustomBuckets)
            AppendList(text, "custom_values", histogram.CustomValues);
        if (histogram.CounterResetHint != CounterResetHint.Unknown)
            Key(text, "counter_reset_hint").Append(histogram.CounterResetHint switch
            {
                CounterResetHint.Reset => "reset",
                CounterResetHint.NotReset => "not_reset",
                _ => "gauge",
            });
        // One run of buckets is all the notation has: gaps between spans become zeros.
        var joined = HistogramShape.Compact(histogram, int.MaxValue);
        AppendBuckets(text, "offset", "buckets", joined.PositiveSpans, joined.PositiveBuckets);
        AppendBuckets(text, "n_offset", "n_buckets", joined.NegativeSpans, joined.NegativeBuckets);
        return text.Append("}}").ToString();
    }

    private static void AppendBuckets(StringBuilder text, string offsetKey, string bucketsKey, BucketSpan[] spans, double[] buckets)
    {
        if (buckets.Length == 0)
            return;
        Append(text, offsetKey, spans[0].Offset);
        AppendList(text, bucketsKey, buckets);
    }

    private static void AppendList(StringBuilder text, string key, double[] values)
    {
        Key(text, key).Append('[');
        for (var i = 0; i < values.Length; i++)
            text.Append(i > 0 ? " " : "").Append(GoFloat.FormatG(values[i]));
        text.Append(']');
    }

    private static void Append(StringBuilder text, string key, double value)
    {
        if (value != 0)
            Key(text, key).Append(GoFloat.FormatG(value));
    }

    private static StringBuilder Key(StringBuilder text, string key) => text.Append(text.Length > 2 ? " " : "").Append(key).Append(':');
}
