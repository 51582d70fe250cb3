using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// Values of a sealed chunk, 1 to <see cref="TimeColumn.MaxRows"/> doubles, in the smallest of some encodings, bit-exact for every pattern.
/// <code>
/// byte 0   bits 0-3 encoding, bits 4-6 code of the decimal scale s (value = n / 10^s, see DecimalScale), bit 7 exceptions follow
/// [varint count, each: varint rows since the exception before, 8 bytes]       stale markers, NaN, infinities among numbers
/// payload of the encoding
/// </code>
/// Drawn in docs/formats/part.md. Writer and reader use correctly rounded IEEE operations alone. This is the reading side.
/// </summary>
internal static class ValueColumn
{
    public const byte ExceptionsFlag = 0x80;

    /// <summary>In place of an encoding: the chunk holds native histograms.</summary>
    public const byte Histograms = 15;

    /// <summary>A column that stands on another is at most so many steps from one that does not; more is damage.</summary>
    public const int MaxDepth = 15;

    /// <summary>Binary digits of a ratio behind its point.</summary>
    public const int RatioBits = 16;

    /// <summary>Decodes exactly as many rows as <paramref name="into"/> has; false when the bytes are no such column (its content is then undefined).</summary>
    /// <param name="memo">Columns of this page decoded before; null: none is kept.</param>
    public static bool TryRead(ref ByteReader from, scoped Span<double> into, ReferenceMemo? memo = null)
    {
        var start = from.Position;
        var head = from.Byte();
        var scale = head >> 4 & 7;
        var exceptions = from;
        if (!SkipExceptions(head, ref from))
            return false;
        var encoding = (ValueEncoding)(head & 15);
        if (encoding is ValueEncoding.Reference or (>= ValueEncoding.Changes and <= ValueEncoding.SecondDeltas))
        {
            // The doubles' own memory takes the integers first: they are as wide.
            var integers = MemoryMarshal.Cast<double, long>(into);
            if (!TryReadIntegers(encoding, ref from, start, scale, integers, memo, MaxDepth) || from.Failed)
                return false;
            Unscale(integers, into, scale);
        }
        else if (!TryReadOther(encoding, ref from, scale, into) || from.Failed)
        {
            return false;
        }
        return (head & ExceptionsFlag) == 0 || TryReadExceptions(ref exceptions, into);
    }

    /// <summary>The scaled integers of a column that has them, exceptions replaced by their neighbours.</summary>
    public static bool TryReadIntegers(ReadOnlySpan<byte> padded, int start, int scale, scoped Span<long> into, ReferenceMemo? memo = null, int depth = MaxDepth)
    {
        if (memo is not null && memo.TryFind(start, into))
            return true;
        var from = new ByteReader(padded, start);
        var head = from.Byte();
        if ((head >> 4 & 7) != scale || !SkipExceptions(head, ref from))
            return false;
        if (!TryReadIntegers((ValueEncoding)(head & 15), ref from, start, scale, into, memo, depth) || from.Failed)
            return false;
        memo?.Keep(start, into);
        return true;
    }

    private static bool TryReadIntegers(ValueEncoding encoding, ref ByteReader from, int start, int scale, scoped Span<long> into, ReferenceMemo? memo, int depth)
    {
        if (encoding != ValueEncoding.Reference)
            return IntegerPlan.TryRead(encoding, ref from, into);
        var back = from.Number(start);
        // Always backwards, and not too often: no bytes make this run in circles.
        if (back == 0 || depth == 0 || !TryReadIntegers(from.Padded, start - back, scale, into, memo, depth - 1))
            return false;
        var ratio = from.Signed();
        if (!TryAddDifference(ratio, (ValueEncoding)from.Byte(), ref from, into))
            return false;
        return true;
    }

    [SkipLocalsInit]
    private static bool TryAddDifference(long ratio, ValueEncoding encoding, ref ByteReader from, scoped Span<long> into)
    {
        Span<long> difference = stackalloc long[TimeColumn.MaxRows];
        difference = difference[..into.Length];
        if (!IntegerPlan.TryRead(encoding, ref from, difference))
            return false;
        Predict(into, ratio, into);
        for (var i = 0; i < into.Length; i++)
            into[i] = unchecked(into[i] + difference[i]);
        return true;
    }

    /// <summary>What a column foretells of another: its growth since the first row times ratio / 2^16, in wrapping integers, so alike on every machine.</summary>
    public static void Predict(ReadOnlySpan<long> reference, long ratio, Span<long> into)
    {
        var first = reference[0];
        for (var i = 0; i < into.Length; i++)
            into[i] = unchecked((reference[i] - first) * ratio) >> RatioBits;
    }

    private static bool SkipExceptions(byte head, ref ByteReader from)
    {
        if ((head & ExceptionsFlag) == 0)
            return !from.Failed;
        for (var count = from.Count(); count > 0; count--)
        {
            from.Number();
            from.Fixed64();
        }
        return !from.Failed;
    }

    private static bool TryReadExceptions(ref ByteReader from, scoped Span<double> into)
    {
        var row = 0UL;
        for (var count = from.Count(); count > 0; count--)
        {
            row += from.Number();
            if (row >= (ulong)into.Length)
                return false;
            into[(int)row] = from.Double();
        }
        return true;
    }

    private static bool TryReadOther(ValueEncoding encoding, ref ByteReader from, int scale, scoped Span<double> into)
    {
        switch (encoding)
        {
            case ValueEncoding.Constant:
                into.Fill(from.Double());
                return true;
            case ValueEncoding.ConstantInteger:
                into.Fill(from.Signed() / DecimalScale.Power(scale));
                return true;
            case ValueEncoding.Xor:
                return XorBits.TryRead(ref from, into);
            case ValueEncoding.Raw:
                var raw = from.Bytes(into.Length * 8);
                if (raw.IsEmpty)
                    return false;
                raw.CopyTo(MemoryMarshal.AsBytes(into));
                return true;
            case ValueEncoding.Runs:
                return TryReadRuns(ref from, into);
            default:
                return false;
        }
    }

    private static bool TryReadRuns(ref ByteReader from, scoped Span<double> into)
    {
        for (var runs = from.Count(); runs > 0; runs--)
        {
            var length = from.Number(into.Length);
            var value = from.Double();
            into[..length].Fill(value);
            into = into[length..];
        }
        return into.IsEmpty;
    }

    /// <summary>Integers to doubles in place.</summary>
    private static void Unscale(scoped Span<long> integers, scoped Span<double> into, int scale)
    {
        var at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var power = Vector256.Create(DecimalScale.Power(scale));
            for (; at <= integers.Length - Vector256<long>.Count; at += Vector256<long>.Count)
            {
                var value = Vector256.ConvertToDouble(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(integers), (nuint)at));
                (scale == 0 ? value : value / power).StoreUnsafe(ref MemoryMarshal.GetReference(into), (nuint)at);
            }
        }
        for (; at < integers.Length; at++)
            into[at] = integers[at] / DecimalScale.Power(scale);
    }
}
