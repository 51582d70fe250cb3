using System.Runtime.InteropServices;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// Native histograms of a chunk as columns: as long as schema, hint, zero threshold, spans and bounds stay the same, every bucket is a column of its own.
/// <code>
/// runs, until all rows are there, each:
///   varint rows | svarint schema | hint u8 | 8 bytes zero threshold | spans (positive) | spans (negative) | varint bounds, 8 bytes each
///   | varint positive buckets | varint negative buckets | columns: count, zero count, sum, positive buckets, negative buckets
/// spans  varint count, (svarint offset, varint length) each
/// </code>
/// </summary>
internal sealed class HistogramColumns(ValueColumnWriter values)
{
    /// <summary>Most rows of a chunk: a histogram is as large as a hundred numbers.</summary>
    public const int MaxRows = 256;

    private readonly double[] _column = new double[MaxRows];

    /// <summary>Appends the histograms at <paramref name="from"/> and the following, <paramref name="rows"/> in all.</summary>
    public void Write(SampleBuffer samples, int from, int rows, ByteWriter to)
    {
        for (var end = from + rows; from < end;)
        {
            var shape = samples.HistogramAt(from)!;
            var next = from + 1;
            while (next < end && SameShape(shape, samples.HistogramAt(next)!))
                next++;
            WriteRun(samples, from, next - from, to);
            from = next;
        }
    }

    private void WriteRun(SampleBuffer samples, int from, int rows, ByteWriter to)
    {
        var shape = samples.HistogramAt(from)!;
        to.Number((ulong)rows);
        to.Signed(shape.Schema);
        to.Byte((byte)shape.CounterResetHint);
        to.Double(shape.ZeroThreshold);
        WriteSpans(shape.PositiveSpans, to);
        WriteSpans(shape.NegativeSpans, to);
        to.Number((ulong)shape.CustomValues.Length);
        to.Doubles(shape.CustomValues);
        to.Number((ulong)shape.PositiveBuckets.Length);
        to.Number((ulong)shape.NegativeBuckets.Length);
        var column = _column.AsSpan(0, rows);
        for (var i = 0; i < rows; i++)
            column[i] = samples.HistogramAt(from + i)!.Count;
        values.Write(column, to);
        for (var i = 0; i < rows; i++)
            column[i] = samples.HistogramAt(from + i)!.ZeroCount;
        values.Write(column, to);
        for (var i = 0; i < rows; i++)
            column[i] = samples.HistogramAt(from + i)!.Sum;
        values.Write(column, to);
        for (var bucket = 0; bucket < shape.PositiveBuckets.Length; bucket++)
        {
            for (var i = 0; i < rows; i++)
                column[i] = samples.HistogramAt(from + i)!.PositiveBuckets[bucket];
            values.Write(column, to);
        }
        for (var bucket = 0; bucket < shape.NegativeBuckets.Length; bucket++)
        {
            for (var i = 0; i < rows; i++)
                column[i] = samples.HistogramAt(from + i)!.NegativeBuckets[bucket];
            values.Write(column, to);
        }
    }

    /// <summary>Fills <paramref name="into"/>; false when the bytes are not so many histograms.</summary>
    public static bool TryRead(ref ByteReader from, scoped Span<NativeHistogram> into)
    {
        while (!into.IsEmpty)
        {
            var rows = from.Number(into.Length);
            if (rows == 0 || rows > MaxRows || !TryReadRun(ref from, into[..rows]))
                return false;
            into = into[rows..];
        }
        return true;
    }

    private static bool TryReadRun(ref ByteReader from, scoped Span<NativeHistogram> into)
    {
        var schema = (int)from.Signed();
        var hint = from.Byte();
        var threshold = from.Double();
        var positiveSpans = ReadSpans(ref from);
        var negativeSpans = ReadSpans(ref from);
        var bounds = from.Count();
        var custom = MemoryMarshal.Cast<byte, double>(from.Bytes(Math.Min(bounds, from.Left / 8 + 1) * 8)).ToArray();
        var positive = from.Count();
        var negative = from.Count();
        // A column takes two bytes at least.
        if (from.Failed || hint > (byte)CounterResetHint.Gauge || (positive + negative + 3) * 2 > from.Left)
            return false;
        Span<double> column = stackalloc double[MaxRows];
        column = column[..into.Length];
        Span<double> counts = stackalloc double[MaxRows], zeros = stackalloc double[MaxRows], sums = stackalloc double[MaxRows];
        if (!ValueColumn.TryRead(ref from, counts[..into.Length]) || !ValueColumn.TryRead(ref from, zeros[..into.Length])
            || !ValueColumn.TryRead(ref from, sums[..into.Length]))
            return false;
        var positives = Columns(into.Length, positive);
        var negatives = Columns(into.Length, negative);
        for (var bucket = 0; bucket < positive; bucket++)
        {
            if (!ValueColumn.TryRead(ref from, column))
                return false;
            for (var i = 0; i < column.Length; i++)
                positives[i][bucket] = column[i];
        }
        for (var bucket = 0; bucket < negative; bucket++)
        {
            if (!ValueColumn.TryRead(ref from, column))
                return false;
            for (var i = 0; i < column.Length; i++)
                negatives[i][bucket] = column[i];
        }
        for (var i = 0; i < into.Length; i++)
            into[i] = new NativeHistogram
            {
                Schema = schema,
                CounterResetHint = (CounterResetHint)hint,
                ZeroThreshold = threshold,
                ZeroCount = zeros[i],
                Count = counts[i],
                Sum = sums[i],
                PositiveSpans = positiveSpans,
                PositiveBuckets = positives[i],
                NegativeSpans = negativeSpans,
                NegativeBuckets = negatives[i],
                CustomValues = custom,
            };
        return true;
    }

    private static double[][] Columns(int rows, int buckets)
    {
        var all = new double[rows][];
        for (var i = 0; i < rows; i++)
            all[i] = buckets == 0 ? [] : new double[buckets];
        return all;
    }

    private static void WriteSpans(BucketSpan[] spans, ByteWriter to)
    {
        to.Number((ulong)spans.Length);
        foreach (var span in spans)
        {
            to.Signed(span.Offset);
            to.Number(span.Length);
        }
    }

    private static BucketSpan[] ReadSpans(ref ByteReader from)
    {
        var count = from.Count();
        if (count == 0)
            return [];
        var spans = new BucketSpan[count];
        for (var i = 0; i < spans.Length; i++)
            spans[i] = new BucketSpan((int)from.Signed(), (uint)from.Number());
        return spans;
    }

    private static bool SameShape(NativeHistogram a, NativeHistogram b) => a.Schema == b.Schema && a.CounterResetHint == b.CounterResetHint
        && BitConverter.DoubleToUInt64Bits(a.ZeroThreshold) == BitConverter.DoubleToUInt64Bits(b.ZeroThreshold)
        && a.PositiveBuckets.Length == b.PositiveBuckets.Length && a.NegativeBuckets.Length == b.NegativeBuckets.Length
        && a.PositiveSpans.AsSpan().SequenceEqual(b.PositiveSpans) && a.NegativeSpans.AsSpan().SequenceEqual(b.NegativeSpans)
        && MemoryMarshal.AsBytes(a.CustomValues.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.CustomValues.AsSpan()));
}
