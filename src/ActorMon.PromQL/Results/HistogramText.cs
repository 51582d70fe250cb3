using System.Text;
using ActorMon.Model.Histograms;

namespace ActorMon.PromQL.Results;

/// <summary>A native histogram as the peer prints it: <c>{count:2, sum:3, (0.5,1]:2}</c>, empty buckets left out, negative buckets first.</summary>
internal static class HistogramText
{
    public static string Of(NativeHistogram histogram)
    {
        var text = new StringBuilder("{count:").Append(GoFormat.General(histogram.Count)).Append(", sum:").Append(GoFormat.General(histogram.Sum));
        foreach (var (index, count) in Buckets(histogram.NegativeSpans, histogram.NegativeBuckets).Reverse())
            if (count != 0)
                Append(text, '[', -Bound(histogram, index), -Bound(histogram, index - 1), ')', count);
        if (histogram.ZeroCount != 0)
            Append(text, '[', -histogram.ZeroThreshold, histogram.ZeroThreshold, ']', histogram.ZeroCount);
        foreach (var (index, count) in Buckets(histogram.PositiveSpans, histogram.PositiveBuckets))
            if (count != 0)
                Append(text, histogram.UsesCustomBuckets && index == 0 ? '[' : '(', Bound(histogram, index - 1), Bound(histogram, index), ']', count);
        return text.Append('}').ToString();
    }

    /// <summary>Upper bound of a positive bucket.</summary>
    private static double Bound(NativeHistogram histogram, int index)
    {
        if (histogram.UsesCustomBuckets)
            return index < 0 ? double.NegativeInfinity : index >= histogram.CustomValues.Length ? double.PositiveInfinity : histogram.CustomValues[index];
        return Math.Pow(2, index * Math.Pow(2, -histogram.Schema));
    }

    private static IEnumerable<(int Index, double Count)> Buckets(BucketSpan[] spans, double[] counts)
    {
        var (index, at) = (0, 0);
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length && at < counts.Length; i++)
                yield return (index++, counts[at++]);
        }
    }

    private static void Append(StringBuilder text, char open, double lower, double upper, char close, double count) =>
        text.Append(", ").Append(open).Append(GoFormat.General(lower)).Append(',').Append(GoFormat.General(upper)).Append(close).Append(':').Append(GoFormat.General(count));
}
