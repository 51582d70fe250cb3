using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ActorMon.Tsdb.Codecs;

/// <summary>How the values of a chunk are held; the low four bits of its first byte.</summary>
internal enum ValueEncoding : byte
{
    /// <summary>One bit pattern: 8 bytes.</summary>
    Constant = 0,
    /// <summary>One scaled integer: svarint.</summary>
    ConstantInteger = 1,
    /// <summary>svarint first, varint factor, varint changes, each: varint rows since the change before, svarint step / factor. Run length, for what rarely changes.</summary>
    Changes = 2,
    /// <summary>svarint first, varint factor, blocks of (n - first) / factor.</summary>
    Integers = 3,
    /// <summary>svarint first, varint factor, blocks of the rows - 1 differences / factor.</summary>
    Deltas = 4,
    /// <summary>As deltas, but of their differences: svarint first, varint factor, svarint first difference, blocks of rows - 2.</summary>
    SecondDeltas = 5,
    /// <summary>See <see cref="XorBits"/>.</summary>
    Xor = 6,
    /// <summary>8 bytes a value.</summary>
    Raw = 7,
    /// <summary>varint runs, each: varint rows, 8 bytes.</summary>
    Runs = 8,
}

/// <summary>
/// Values of a sealed chunk, 1 to <see cref="TimeColumn.MaxRows"/> doubles, in the smallest of some encodings, bit-exact for every pattern.
/// <code>
/// byte 0   bits 0-3 encoding, bits 4-6 decimal scale s (value = n / 10^s), bit 7 exceptions follow
/// [varint count, each: varint rows since the exception before, 8 bytes]       stale markers, NaN, infinities among numbers
/// payload of the encoding
/// </code>
/// Drawn in docs/formats/part.md. Writer and reader use correctly rounded IEEE operations alone.
/// </summary>
internal sealed class ValueColumn
{
    private const byte ExceptionsFlag = 0x80;

    /// <summary>In place of an encoding: the chunk holds native histograms.</summary>
    public const byte Histograms = 15;

    private readonly long[] _integers = new long[TimeColumn.MaxRows];
    private readonly long[] _deltas = new long[TimeColumn.MaxRows];
    private readonly long[] _seconds = new long[TimeColumn.MaxRows];
    private readonly int[] _exceptions = new int[TimeColumn.MaxRows];
    private readonly ByteWriter _scratch = new(TimeColumn.MaxRows * 8);

    /// <summary>Appends one column. The encoder's buffers make it a thing of one thread.</summary>
    public void Write(ReadOnlySpan<double> values, ByteWriter to)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        if (bits.IndexOfAnyExcept(bits[0]) < 0)
        {
            WriteConstant(values[0], to);
            return;
        }
        var scale = Scale(values, out var exceptions);
        if (scale >= 0)
            WriteIntegers(values, scale, _exceptions.AsSpan(0, exceptions), to);
        else
            WriteBits(values, to);
    }

    private static void WriteConstant(double value, ByteWriter to)
    {
        var scale = ScaledDecimal.SmallestScale(value, 0, out var n);
        if (scale >= 0 && Varint.Size(Varint.ZigZag(n)) < 8)
        {
            to.Byte((byte)((byte)ValueEncoding.ConstantInteger | scale << 4));
            to.Signed(n);
            return;
        }
        to.Byte((byte)ValueEncoding.Constant);
        to.Double(value);
    }

    /// <summary>The one scale at which all but a few values are integers, or -1. Exceptions take their neighbour's integer so that they cost no width.</summary>
    private int Scale(ReadOnlySpan<double> values, out int exceptionCount)
    {
        var limit = values.Length / 8;
        var scale = 0;
    again:
        exceptionCount = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (ScaledDecimal.TryScale(values[i], scale, out _integers[i]))
                continue;
            var larger = ScaledDecimal.SmallestScale(values[i], scale + 1, out _);
            if (larger > 0)
            {
                scale = larger;
                goto again;
            }
            if (exceptionCount == limit)
                return -1;
            _exceptions[exceptionCount++] = i;
            _integers[i] = i > 0 ? _integers[i - 1] : 0;
        }
        // A leading exception has no neighbour before it.
        for (var e = exceptionCount - 1; e >= 0; e--)
            if (_exceptions[e] == e)
                _integers[e] = _integers[e + 1];
        return scale;
    }

    private void WriteIntegers(ReadOnlySpan<double> values, int scale, ReadOnlySpan<int> exceptions, ByteWriter to)
    {
        var rows = values.Length;
        var first = _integers[0];
        var deltas = _deltas.AsSpan(0, rows - 1);
        for (var i = 0; i < deltas.Length; i++)
            deltas[i] = _integers[i + 1] - _integers[i];
        var factor = CommonFactor.Of(deltas);
        CommonFactor.Divide(deltas, factor);
        var integers = _integers.AsSpan(0, rows);
        var seconds = _seconds.AsSpan(0, rows - 2 < 0 ? 0 : rows - 2);
        long sum = 0;
        var changeCost = 0;
        var since = 0;
        integers[0] = 0;
        for (var i = 0; i < deltas.Length; i++)
        {
            var delta = deltas[i];
            integers[i + 1] = sum += delta;
            if (i > 0)
                seconds[i - 1] = delta - deltas[i - 1];
            since++;
            if (delta == 0)
                continue;
            changeCost += Varint.Size((ulong)since) + Varint.Size(Varint.ZigZag(delta));
            since = 0;
        }

        var best = changeCost + 1;
        var encoding = ValueEncoding.Changes;
        Consider(ValueEncoding.Deltas, deltas, 0, ref encoding, ref best);
        Consider(ValueEncoding.Integers, integers, 0, ref encoding, ref best);
        if (rows > 3)
            Consider(ValueEncoding.SecondDeltas, seconds, 2, ref encoding, ref best);
        var start = to.Length;
        to.Byte((byte)((byte)encoding | scale << 4 | (exceptions.IsEmpty ? 0 : ExceptionsFlag)));
        WriteExceptions(values, exceptions, to);
        to.Signed(first);
        to.Number((ulong)factor);
        switch (encoding)
        {
            case ValueEncoding.Changes:
                WriteChanges(deltas, to);
                break;
            case ValueEncoding.Integers:
                IntegerBlocks.Write(integers, to);
                break;
            case ValueEncoding.Deltas:
                IntegerBlocks.Write(deltas, to);
                break;
            default:
                to.Signed(deltas[0]);
                IntegerBlocks.Write(seconds, to);
                break;
        }
        if (to.Length - start <= rows * 8)
            return;
        to.Truncate(start);
        WriteBits(values, to);
    }

    private static void Consider(ValueEncoding candidate, ReadOnlySpan<long> values, int extra, ref ValueEncoding encoding, ref int best)
    {
        var cost = IntegerBlocks.Cost(values) + extra;
        if (cost < best)
            (encoding, best) = (candidate, cost);
    }

    private static void WriteExceptions(ReadOnlySpan<double> values, ReadOnlySpan<int> exceptions, ByteWriter to)
    {
        if (exceptions.IsEmpty)
            return;
        to.Number((ulong)exceptions.Length);
        var before = 0;
        foreach (var row in exceptions)
        {
            to.Number((ulong)(row - before));
            to.Double(values[row]);
            before = row;
        }
    }

    private static void WriteChanges(ReadOnlySpan<long> deltas, ByteWriter to)
    {
        var changes = 0;
        foreach (var delta in deltas)
            if (delta != 0)
                changes++;
        to.Number((ulong)changes);
        var since = 0;
        foreach (var delta in deltas)
        {
            since++;
            if (delta == 0)
                continue;
            to.Number((ulong)since);
            to.Signed(delta);
            since = 0;
        }
    }

    /// <summary>What is no column of decimal numbers: runs, XOR or the bytes as they are, whichever is smallest.</summary>
    private void WriteBits(ReadOnlySpan<double> values, ByteWriter to)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        var runs = 1;
        for (var i = 1; i < bits.Length; i++)
            if (bits[i] != bits[i - 1])
                runs++;
        var start = to.Length;
        if (runs * 10 + 1 < bits.Length)
        {
            to.Byte((byte)ValueEncoding.Runs);
            to.Number((ulong)runs);
            for (var i = 0; i < bits.Length;)
            {
                var length = bits[i..].IndexOfAnyExcept(bits[i]);
                length = length < 0 ? bits.Length - i : length;
                to.Number((ulong)length);
                to.Fixed64(bits[i]);
                i += length;
            }
            return;
        }
        to.Byte((byte)ValueEncoding.Xor);
        XorBits.Write(values, _scratch, to);
        if (to.Length - start <= values.Length * 8)
            return;
        to.Truncate(start);
        to.Byte((byte)ValueEncoding.Raw);
        to.Doubles(values);
    }

    /// <summary>Decodes exactly as many rows as <paramref name="into"/> has; false when the bytes are no such column (its content is then undefined).</summary>
    public static bool TryRead(ref ByteReader from, scoped Span<double> into)
    {
        var head = from.Byte();
        if ((head & ExceptionsFlag) == 0)
            return TryReadPayload(head, ref from, into) && !from.Failed;
        var exceptions = from;
        var count = from.Count();
        for (var e = 0; e < count; e++)
        {
            from.Number();
            from.Fixed64();
        }
        if (!TryReadPayload(head, ref from, into) || from.Failed)
            return false;
        var row = 0UL;
        for (exceptions.Number(); count > 0; count--)
        {
            row += exceptions.Number();
            if (row >= (ulong)into.Length)
                return false;
            into[(int)row] = exceptions.Double();
        }
        return true;
    }

    private static bool TryReadPayload(byte head, ref ByteReader from, scoped Span<double> into)
    {
        var encoding = (ValueEncoding)(head & 15);
        var scale = head >> 4 & 7;
        switch (encoding)
        {
            case ValueEncoding.Constant:
                into.Fill(from.Double());
                return true;
            case ValueEncoding.ConstantInteger:
                into.Fill(ScaledDecimal.Unscale(from.Signed(), scale));
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
            case <= ValueEncoding.SecondDeltas:
                return TryReadIntegers(encoding, ref from, scale, into);
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

    private static bool TryReadIntegers(ValueEncoding encoding, ref ByteReader from, int scale, scoped Span<double> into)
    {
        var first = from.Signed();
        var factor = (long)from.Number();
        // The doubles' own memory takes the integers first: they are as wide.
        var integers = MemoryMarshal.Cast<double, long>(into);
        switch (encoding)
        {
            case ValueEncoding.Changes:
                if (!TryReadChanges(ref from, first, factor, integers))
                    return false;
                break;
            case ValueEncoding.Integers:
                if (!IntegerBlocks.TryRead(ref from, integers))
                    return false;
                for (var i = 0; i < integers.Length; i++)
                    integers[i] = unchecked(first + integers[i] * factor);
                break;
            case ValueEncoding.Deltas:
                if (!IntegerBlocks.TryRead(ref from, integers[1..]))
                    return false;
                integers[0] = first;
                for (var i = 1; i < integers.Length; i++)
                    integers[i] = first = unchecked(first + integers[i] * factor);
                break;
            default:
                if (integers.Length < 3)
                    return false;
                var delta = unchecked(from.Signed() * factor);
                if (!IntegerBlocks.TryRead(ref from, integers[2..]))
                    return false;
                integers[0] = first;
                integers[1] = first = unchecked(first + delta);
                for (var i = 2; i < integers.Length; i++)
                {
                    delta = unchecked(delta + integers[i] * factor);
                    integers[i] = first = unchecked(first + delta);
                }
                break;
        }
        Unscale(integers, into, scale);
        return true;
    }

    private static bool TryReadChanges(ref ByteReader from, long first, long factor, scoped Span<long> into)
    {
        for (var changes = from.Count(); changes > 0; changes--)
        {
            var length = from.Number(into.Length);
            into[..length].Fill(first);
            into = into[length..];
            first = unchecked(first + from.Signed() * factor);
        }
        if (into.IsEmpty)
            return false;
        into.Fill(first);
        return true;
    }

    /// <summary>Integers to doubles in place.</summary>
    private static void Unscale(Span<long> integers, Span<double> into, int scale)
    {
        var at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var power = Vector256.Create(ScaledDecimal.Power(scale));
            for (; at <= integers.Length - Vector256<long>.Count; at += Vector256<long>.Count)
            {
                var value = Vector256.ConvertToDouble(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(integers), (nuint)at));
                (scale == 0 ? value : value / power).StoreUnsafe(ref MemoryMarshal.GetReference(into), (nuint)at);
            }
        }
        for (; at < integers.Length; at++)
            into[at] = ScaledDecimal.Unscale(integers[at], scale);
    }
}
