using System.Buffers.Binary;
using ActorMon.Model.Histograms;

namespace ActorMon.Model.Bytes;

/// <summary>
/// One native histogram as bytes, self-contained, bit-exact: schema, hint, zero threshold, counts, sum, spans, buckets, custom bounds. A number that is a whole
/// count is a varint (shifted by one), any other is the byte 1 and eight bytes. Drawn in docs/formats/chunks.md.
/// </summary>
public static class HistogramCodec
{
    /// <summary>Upper bound of the encoded size.</summary>
    public static int MaxSize(NativeHistogram h) =>
        64 + (h.PositiveSpans.Length + h.NegativeSpans.Length) * 12 + (h.PositiveBuckets.Length + h.NegativeBuckets.Length + h.CustomValues.Length) * 10;

    public static int Encode(NativeHistogram h, Span<byte> to)
    {
        var at = 0;
        Varint.WriteSigned(to, ref at, h.Schema);
        to[at++] = (byte)h.CounterResetHint;
        Number(to, ref at, h.ZeroThreshold);
        Number(to, ref at, h.ZeroCount);
        Number(to, ref at, h.Count);
        Number(to, ref at, h.Sum);
        Spans(to, ref at, h.PositiveSpans);
        Numbers(to, ref at, h.PositiveBuckets);
        Spans(to, ref at, h.NegativeSpans);
        Numbers(to, ref at, h.NegativeBuckets);
        Numbers(to, ref at, h.CustomValues);
        return at;
    }

    /// <summary>Decodes; null when the bytes are not a histogram. <paramref name="at"/> moves behind it.</summary>
    public static NativeHistogram? Decode(ReadOnlySpan<byte> from, ref int at)
    {
        if (!Varint.TryRead(from, ref at, out var schema) || at >= from.Length)
            return null;
        var hint = from[at++];
        if (hint > (byte)CounterResetHint.Gauge
            || !TryNumber(from, ref at, out var threshold) || !TryNumber(from, ref at, out var zero)
            || !TryNumber(from, ref at, out var count) || !TryNumber(from, ref at, out var sum)
            || !TrySpans(from, ref at, out var positiveSpans) || !TryNumbers(from, ref at, out var positive)
            || !TrySpans(from, ref at, out var negativeSpans) || !TryNumbers(from, ref at, out var negative)
            || !TryNumbers(from, ref at, out var custom))
            return null;
        return new NativeHistogram
        {
            Schema = (int)Varint.UnZigZag(schema),
            CounterResetHint = (CounterResetHint)hint,
            ZeroThreshold = threshold,
            ZeroCount = zero,
            Count = count,
            Sum = sum,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
            CustomValues = custom,
        };
    }

    private static void Number(Span<byte> to, ref int at, double value)
    {
        if (value >= 0 && ScaledDecimal.TryScale(value, 0, out var n))
        {
            Varint.Write(to, ref at, (ulong)n << 1);
            return;
        }
        to[at++] = 1;
        BinaryPrimitives.WriteDoubleLittleEndian(to[at..], value);
        at += 8;
    }

    private static bool TryNumber(ReadOnlySpan<byte> from, ref int at, out double value)
    {
        value = 0;
        if (at >= from.Length)
            return false;
        if (from[at] == 1)
        {
            if (at + 9 > from.Length)
                return false;
            value = BinaryPrimitives.ReadDoubleLittleEndian(from[(at + 1)..]);
            at += 9;
            return true;
        }
        if (!Varint.TryRead(from, ref at, out var n) || (n & 1) != 0)
            return false;
        value = n >> 1;
        return true;
    }

    private static void Numbers(Span<byte> to, ref int at, double[] values)
    {
        Varint.Write(to, ref at, (ulong)values.Length);
        foreach (var value in values)
            Number(to, ref at, value);
    }

    private static bool TryNumbers(ReadOnlySpan<byte> from, ref int at, out double[] values)
    {
        values = [];
        // A number takes at least one byte: a count beyond what is left is damage, not a reason to allocate.
        if (!Varint.TryRead(from, ref at, out var count) || count > (ulong)(from.Length - at))
            return false;
        if (count == 0)
            return true;
        values = new double[count];
        for (var i = 0; i < values.Length; i++)
            if (!TryNumber(from, ref at, out values[i]))
                return false;
        return true;
    }

    private static void Spans(Span<byte> to, ref int at, BucketSpan[] spans)
    {
        Varint.Write(to, ref at, (ulong)spans.Length);
        foreach (var span in spans)
        {
            Varint.WriteSigned(to, ref at, span.Offset);
            Varint.Write(to, ref at, span.Length);
        }
    }

    private static bool TrySpans(ReadOnlySpan<byte> from, ref int at, out BucketSpan[] spans)
    {
        spans = [];
        if (!Varint.TryRead(from, ref at, out var count) || count > (ulong)(from.Length - at))
            return false;
        if (count == 0)
            return true;
        spans = new BucketSpan[count];
        for (var i = 0; i < spans.Length; i++)
        {
            if (!Varint.TryRead(from, ref at, out var offset) || !Varint.TryRead(from, ref at, out var length))
                return false;
            spans[i] = new BucketSpan((int)Varint.UnZigZag(offset), (uint)length);
        }
        return true;
    }
}
