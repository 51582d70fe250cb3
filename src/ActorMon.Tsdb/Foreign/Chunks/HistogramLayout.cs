using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Histograms;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>What all histograms of a chunk share: zero threshold, schema, spans and custom bounds.</summary>
internal sealed class HistogramLayout
{
    /// <summary>Newer programs may write resolutions up to this one; they are brought down to what is supported.</summary>
    private const int MaxSchema = 52;

    private const double BoundUnit = 1000;

    public int Schema { get; private init; }
    public double ZeroThreshold { get; private init; }
    public required BucketSpan[] PositiveSpans { get; init; }
    public required BucketSpan[] NegativeSpans { get; init; }
    public required double[] CustomValues { get; init; }
    public int PositiveBuckets { get; private init; }
    public int NegativeBuckets { get; private init; }

    /// <param name="bits">Behind the chunk's header.</param>
    /// <param name="bucketBits">Bits that the first sample has at least for each bucket, so that a damaged span cannot ask for more memory than the chunk has data.</param>
    public static HistogramLayout Read(ref BitCursor bits, int bucketBits)
    {
        var threshold = ReadThreshold(ref bits);
        var schema = bits.VarbitInt();
        if (schema != NativeHistogram.CustomBucketsSchema && schema is < NativeHistogram.MinSchema or > MaxSchema)
            Throw($"histogram schema {schema} is unknown");
        var positive = ReadSpans(ref bits);
        var negative = ReadSpans(ref bits);
        var custom = schema == NativeHistogram.CustomBucketsSchema ? ReadBounds(ref bits) : [];
        return new HistogramLayout
        {
            Schema = (int)schema,
            ZeroThreshold = threshold,
            PositiveSpans = positive,
            NegativeSpans = negative,
            CustomValues = custom,
            PositiveBuckets = Buckets(positive, bits.Left / bucketBits),
            NegativeBuckets = Buckets(negative, bits.Left / bucketBits),
        };
    }

    /// <summary>A histogram of this layout; the arrays become its own.</summary>
    public NativeHistogram Histogram(CounterResetHint hint, double count, double zeroCount, double sum, double[] positive, double[] negative)
    {
        var histogram = new NativeHistogram
        {
            Schema = Schema,
            CounterResetHint = hint,
            ZeroThreshold = ZeroThreshold,
            ZeroCount = zeroCount,
            Count = count,
            Sum = sum,
            PositiveSpans = PositiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = NegativeSpans,
            NegativeBuckets = negative,
            CustomValues = CustomValues,
        };
        if (Schema <= NativeHistogram.MaxSchema)
            return histogram;
        return HistogramShape.ReduceResolution(histogram, NativeHistogram.MaxSchema) ?? throw new ForeignDataException($"a histogram of schema {Schema} cannot be reduced");
    }

    /// <summary>0, 255 and eight bytes, or a power of two by its exponent.</summary>
    private static double ReadThreshold(ref BitCursor bits) => bits.Byte() switch
    {
        0 => 0,
        255 => bits.Double(),
        var exponent => Math.ScaleB(0.5, exponent - 243),
    };

    private static BucketSpan[] ReadSpans(ref BitCursor bits)
    {
        var count = bits.VarbitUint();
        if (count > (ulong)bits.Left / 2)
            Throw($"{count} spans in {bits.Left} bits");
        var spans = new BucketSpan[count];
        for (var i = 0; i < spans.Length; i++)
        {
            var length = bits.VarbitUint();
            var offset = bits.VarbitInt();
            if (length > uint.MaxValue || offset is < int.MinValue or > int.MaxValue)
                Throw($"a span of length {length} and offset {offset}");
            spans[i] = new BucketSpan((int)offset, (uint)length);
        }
        return spans;
    }

    /// <summary>Bounds of three decimals are stored as whole numbers, others as floats behind a zero bit.</summary>
    private static double[] ReadBounds(ref BitCursor bits)
    {
        var count = bits.VarbitUint();
        if (count > (ulong)bits.Left)
            Throw($"{count} custom bounds in {bits.Left} bits");
        var bounds = new double[count];
        for (var i = 0; i < bounds.Length; i++)
        {
            var whole = bits.VarbitUint();
            bounds[i] = whole == 0 ? bits.Double() : (whole - 1) / BoundUnit;
        }
        return bounds;
    }

    private static int Buckets(BucketSpan[] spans, long most)
    {
        long buckets = 0;
        foreach (var span in spans)
            buckets += span.Length;
        if (buckets > most)
            Throw($"spans of {buckets} buckets, data of {most} at most");
        return (int)buckets;
    }

    [DoesNotReturn]
    private static void Throw(string problem) => throw new ForeignDataException(problem);
}
