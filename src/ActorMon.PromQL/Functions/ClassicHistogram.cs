using System.Runtime.InteropServices;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Functions;

internal record struct ClassicBucket(double UpperBound, double Count);

/// <summary>Quantiles and fractions of cumulative buckets with upper bounds (<c>le</c>). The list given is sorted and merged in place.</summary>
internal static class ClassicHistogram
{
    /// <summary>Relative differences of neighbouring counts up to this are taken as rounding, either way.</summary>
    private const double SmallDelta = 1e-12;

    /// <summary>
    /// The q-quantile, linear within its bucket; the highest finite bound when it falls into the +Inf bucket. NaN without a +Inf bucket, with fewer than two
    /// buckets or without observations. Counts that decrease are raised; by how much is reported.
    /// </summary>
    public static double Quantile(double q, List<ClassicBucket> list, out ForcedMonotonicity? forced)
    {
        forced = null;
        if (double.IsNaN(q))
            return double.NaN;
        if (q < 0)
            return double.NegativeInfinity;
        if (q > 1)
            return double.PositiveInfinity;
        if (!TryMerge(list, out var buckets))
            return double.NaN;
        forced = MakeMonotonic(buckets);
        if (buckets.Length < 2 || buckets[^1].Count == 0)
            return double.NaN;
        var rank = q * buckets[^1].Count;
        var at = 0;
        while (at < buckets.Length - 1 && !(buckets[at].Count >= rank))
            at++;
        if (at == buckets.Length - 1)
            return buckets[^2].UpperBound;
        if (at == 0 && buckets[0].UpperBound <= 0)
            return buckets[0].UpperBound;
        var (start, end, count) = (0.0, buckets[at].UpperBound, buckets[at].Count);
        if (at > 0)
        {
            start = buckets[at - 1].UpperBound;
            count -= buckets[at - 1].Count;
            rank -= buckets[at - 1].Count;
        }
        return start + ((end - start) * (rank / count));
    }

    /// <summary>The fraction of observations between two values.</summary>
    public static double Fraction(double lower, double upper, List<ClassicBucket> list)
    {
        if (!TryMerge(list, out var buckets))
            return double.NaN;
        var count = buckets[^1].Count;
        if (count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
            return double.NaN;
        if (lower >= upper)
            return 0;
        return (Math.Min(RankOf(upper, buckets), count) - Math.Min(RankOf(lower, buckets), count)) / count;
    }

    /// <summary>Observations up to a value. Within a bucket of infinite width nothing is interpolated.</summary>
    private static double RankOf(double value, ReadOnlySpan<ClassicBucket> buckets)
    {
        var lowerBound = buckets[0].UpperBound <= 0 ? double.NegativeInfinity : 0;
        double rank = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (i > 0)
                lowerBound = buckets[i - 1].UpperBound;
            if (lowerBound >= value)
                return rank;
            var (upperBound, count) = buckets[i];
            if (upperBound > value)
                return double.IsNegativeInfinity(lowerBound) ? count : rank + ((count - rank) * (value - lowerBound) / (upperBound - lowerBound));
            rank = count;
        }
        return double.PositiveInfinity;
    }

    /// <summary>Sorts by bound and adds up equal bounds; false when the highest is not +Inf.</summary>
    private static bool TryMerge(List<ClassicBucket> list, out Span<ClassicBucket> buckets)
    {
        var all = buckets = CollectionsMarshal.AsSpan(list);
        all.Sort(static (a, b) => a.UpperBound.CompareTo(b.UpperBound));
        if (!double.IsPositiveInfinity(all[^1].UpperBound))
            return false;
        var last = 0;
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].UpperBound == all[last].UpperBound)
                all[last].Count += all[i].Count;
            else
                all[++last] = all[i];
        }
        buckets = all[..(last + 1)];
        return true;
    }

    private static ForcedMonotonicity? MakeMonotonic(Span<ClassicBucket> buckets)
    {
        ForcedMonotonicity? forced = null;
        var previous = buckets[0].Count;
        for (var i = 1; i < buckets.Length; i++)
        {
            ref var bucket = ref buckets[i];
            if (bucket.Count == previous)
                continue;
            if (IsAlmostEqual(previous, bucket.Count))
            {
                bucket.Count = previous;
                continue;
            }
            if (!(bucket.Count < previous))
            {
                previous = bucket.Count;
                continue;
            }
            var seen = forced ?? new ForcedMonotonicity(double.PositiveInfinity, double.NegativeInfinity, 0);
            forced = new ForcedMonotonicity(
                Math.Min(seen.MinBucket, bucket.UpperBound), Math.Max(seen.MaxBucket, bucket.UpperBound), Math.Max(seen.MaxDifference, previous - bucket.Count));
            bucket.Count = previous;
        }
        return forced;
    }

    private static bool IsAlmostEqual(double a, double b)
    {
        const double SmallestNormal = 2.2250738585072014e-308;
        if (double.IsNaN(a) || double.IsNaN(b))
            return double.IsNaN(a) && double.IsNaN(b);
        var difference = Math.Abs(a - b);
        var magnitude = Math.Abs(a) + Math.Abs(b);
        if (a == 0 || b == 0 || magnitude < SmallestNormal)
            return difference < SmallDelta * SmallestNormal;
        return difference / Math.Min(magnitude, double.MaxValue) < SmallDelta;
    }
}
