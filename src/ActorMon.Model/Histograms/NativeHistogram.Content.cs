using System.Runtime.InteropServices;
using System.Text;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Model.Histograms;

/// <summary>Equality by content, checks and views.</summary>
public sealed partial record NativeHistogram
{
    /// <summary>True when the sample ends its series: the stale marker in <see cref="Sum"/>.</summary>
    public bool IsStale => SpecialValues.IsStale(Sum);

    /// <summary>The peer's text of the first fault, or null; see <see cref="HistogramValidation"/>.</summary>
    public string? Validate() => HistogramValidation.Check(this);

    /// <summary>See <see cref="HistogramShape.Compact(NativeHistogram, int)"/>.</summary>
    public NativeHistogram Compact(int maxEmptyBuckets) => HistogramShape.Compact(this, maxEmptyBuckets);

    /// <summary>The histogram in a lower schema. <see cref="HistogramShape.ReduceResolution"/> is the form that fails by value.</summary>
    /// <exception cref="InvalidOperationException">Custom buckets, a schema that is not lower, or spans that do not fit their counts.</exception>
    public NativeHistogram ReduceResolution(int schema) => HistogramShape.ReduceResolution(this, schema)
        ?? throw new InvalidOperationException(UsesCustomBuckets
            ? "cannot reduce resolution when there are custom buckets"
            : $"cannot reduce resolution from schema {Schema} to {schema}");

    /// <summary>Content equality: numbers by their bits, arrays by element, the counter reset hint too.</summary>
    public bool Equals(NativeHistogram? other) => other is not null && CounterResetHint == other.CounterResetHint && SameContent(other);

    /// <summary>As <see cref="Equals(NativeHistogram)"/> without the counter reset hint (Prometheus' FloatHistogram.Equals).</summary>
    public bool SameContent(NativeHistogram other) => ReferenceEquals(this, other)
        || (Schema == other.Schema
            && SameBits(ZeroThreshold, other.ZeroThreshold) && SameBits(ZeroCount, other.ZeroCount) && SameBits(Count, other.Count) && SameBits(Sum, other.Sum)
            && PositiveSpans.AsSpan().SequenceEqual(other.PositiveSpans) && NegativeSpans.AsSpan().SequenceEqual(other.NegativeSpans)
            && SameBits(PositiveBuckets, other.PositiveBuckets) && SameBits(NegativeBuckets, other.NegativeBuckets)
            && SameBits(CustomValues, other.CustomValues));

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Schema);
        hash.Add(BitConverter.DoubleToInt64Bits(Count));
        hash.Add(BitConverter.DoubleToInt64Bits(Sum));
        hash.Add(BitConverter.DoubleToInt64Bits(ZeroCount));
        hash.AddBytes(MemoryMarshal.AsBytes(PositiveBuckets.AsSpan()));
        hash.AddBytes(MemoryMarshal.AsBytes(NegativeBuckets.AsSpan()));
        return hash.ToHashCode();
    }

    /// <summary>The zero bucket, [-threshold, threshold].</summary>
    public HistogramBucket ZeroBucket => new(-ZeroThreshold, ZeroThreshold, true, true, 0, ZeroCount);

    /// <summary>
    /// Appends the buckets in ascending order of their bounds: negative ones, the zero bucket when it has observations, positive ones. Empty buckets that the
    /// spans hold are among them.
    /// </summary>
    public void CopyBuckets(List<HistogramBucket> to)
    {
        var first = to.Count;
        foreach (var (index, count) in BucketSpans.Walk(NegativeSpans, NegativeBuckets))
            to.Add(NegativeBucket(index, count));
        to.Reverse(first, to.Count - first);
        if (ZeroCount > 0)
            to.Add(ZeroBucket);
        foreach (var (index, count) in BucketSpans.Walk(PositiveSpans, PositiveBuckets))
            to.Add(PositiveBucket(index, count));
    }

    /// <summary>A positive bucket by its index: (lower, upper]; the first custom bucket includes its lower bound, -Inf.</summary>
    public HistogramBucket PositiveBucket(int index, double count) => UsesCustomBuckets
        ? new(HistogramBounds.Custom(index - 1, CustomValues), HistogramBounds.Custom(index, CustomValues), index == 0, true, index, count)
        : new(HistogramBounds.Exponential(index - 1, Schema), HistogramBounds.Exponential(index, Schema), false, true, index, count);

    /// <summary>A negative bucket by its index: [lower, upper).</summary>
    public HistogramBucket NegativeBucket(int index, double count) =>
        new(-HistogramBounds.Exponential(index, Schema), -HistogramBounds.Exponential(index - 1, Schema), true, false, index, count);

    /// <summary>Text as <c>{count:3, sum:4.5, [-0.001,0.001]:1, (0.5,1]:2}</c>, empty buckets left out (Prometheus' FloatHistogram.String).</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{count:").Append(GoFloat.FormatG(Count)).Append(", sum:").Append(GoFloat.FormatG(Sum));
        var buckets = new List<HistogramBucket>();
        CopyBuckets(buckets);
        foreach (var bucket in buckets)
            if (bucket.Count != 0)
                text.Append(", ").Append(bucket);
        return text.Append('}').ToString();
    }

    private static bool SameBits(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static bool SameBits(double[] a, double[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
