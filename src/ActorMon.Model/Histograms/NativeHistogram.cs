namespace ActorMon.Model.Histograms;

/// <summary>A run of consecutive buckets: <paramref name="Offset"/> empty buckets after the previous span's end (the first: the index itself), then <paramref name="Length"/> buckets.</summary>
public readonly record struct BucketSpan(int Offset, uint Length);

/// <summary>What is known of a counter reset between a histogram and the one before it (Prometheus' model/histogram).</summary>
public enum CounterResetHint : byte
{
    Unknown = 0,
    Reset = 1,
    NotReset = 2,
    Gauge = 3,
}

/// <summary>
/// One sparse histogram sample with absolute float counts. Integer histograms of the wire are held in the same form, which is exact up to 2^53.
/// Schema -4..8: bucket i covers (base^(i-1), base^i], base = 2^(2^-schema). Schema -53: custom buckets, upper bounds in <see cref="CustomValues"/> without +Inf.
/// Immutable once shared.
/// </summary>
public sealed partial record NativeHistogram
{
    public const int CustomBucketsSchema = -53;
    public const int MinSchema = -4;
    public const int MaxSchema = 8;

    public int Schema { get; init; }
    public CounterResetHint CounterResetHint { get; init; }

    /// <summary>Half width of the zero bucket [-t, t].</summary>
    public double ZeroThreshold { get; init; }
    public double ZeroCount { get; init; }
    public double Count { get; init; }

    /// <summary>Sum of observations; a stale marker here makes the sample a stale marker.</summary>
    public double Sum { get; init; }
    public BucketSpan[] PositiveSpans { get; init; } = [];
    public double[] PositiveBuckets { get; init; } = [];
    public BucketSpan[] NegativeSpans { get; init; } = [];
    public double[] NegativeBuckets { get; init; } = [];
    public double[] CustomValues { get; init; } = [];

    public bool UsesCustomBuckets => Schema == CustomBucketsSchema;
}
