using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>A native histogram as the log has it: whole counts as varints with buckets as differences to their neighbours, or everything as floats.</summary>
internal static class ForeignWalHistogram
{
    public static NativeHistogram Read(ref ByteCursor cursor, bool floats)
    {
        var hint = cursor.Byte();
        var schema = cursor.Varint();
        var threshold = cursor.Double();
        var zeroCount = floats ? cursor.Double() : cursor.Uvarint();
        var count = floats ? cursor.Double() : cursor.Uvarint();
        var sum = cursor.Double();
        var positiveSpans = Spans(ref cursor);
        var negativeSpans = Spans(ref cursor);
        var positive = Buckets(ref cursor, floats);
        var negative = Buckets(ref cursor, floats);
        var custom = schema == NativeHistogram.CustomBucketsSchema ? Floats(ref cursor) : [];
        if (SpecialValues.IsStale(sum))
            return Chunks.ForeignChunk.Stale;
        if (schema is < int.MinValue or > int.MaxValue)
            throw new ForeignDataException($"histogram schema {schema} is unknown");
        var histogram = new NativeHistogram
        {
            Schema = (int)schema,
            CounterResetHint = hint <= (byte)CounterResetHint.Gauge ? (CounterResetHint)hint : CounterResetHint.Unknown,
            ZeroThreshold = threshold,
            ZeroCount = zeroCount,
            Count = count,
            Sum = sum,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
            CustomValues = custom,
        };
        return Checked(histogram);
    }

    private static NativeHistogram Checked(NativeHistogram histogram)
    {
        if (BucketsOf(histogram.PositiveSpans) != histogram.PositiveBuckets.Length || BucketsOf(histogram.NegativeSpans) != histogram.NegativeBuckets.Length)
            throw new ForeignDataException("a histogram's spans and buckets disagree");
        if (histogram.UsesCustomBuckets || histogram.Schema is >= NativeHistogram.MinSchema and <= NativeHistogram.MaxSchema)
            return histogram;
        return histogram.Schema > NativeHistogram.MaxSchema && HistogramShape.ReduceResolution(histogram, NativeHistogram.MaxSchema) is { } reduced
            ? reduced
            : throw new ForeignDataException($"histogram schema {histogram.Schema} is unknown");
    }

    private static long BucketsOf(BucketSpan[] spans)
    {
        long buckets = 0;
        foreach (var span in spans)
            buckets += span.Length;
        return buckets;
    }

    private static BucketSpan[] Spans(ref ByteCursor cursor)
    {
        var spans = new BucketSpan[cursor.Count(2)];
        for (var i = 0; i < spans.Length; i++)
        {
            var offset = (int)cursor.Varint();
            spans[i] = new BucketSpan(offset, (uint)cursor.Uvarint());
        }
        return spans;
    }

    private static double[] Buckets(ref ByteCursor cursor, bool floats)
    {
        if (floats)
            return Floats(ref cursor);
        var counts = new double[cursor.Count(1)];
        long current = 0;
        for (var i = 0; i < counts.Length; i++)
            counts[i] = current += cursor.Varint();
        return counts;
    }

    private static double[] Floats(ref ByteCursor cursor)
    {
        var values = new double[cursor.Count(8)];
        for (var i = 0; i < values.Length; i++)
            values[i] = cursor.Double();
        return values;
    }
}
