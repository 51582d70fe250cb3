using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>How a column of values is held; the low three bits of its first byte.</summary>
internal enum ColumnEncoding : byte
{
    /// <summary>No row has a sample.</summary>
    Empty = 0,
    /// <summary>One bit pattern: 8 bytes.</summary>
    Constant = 1,
    /// <summary>One scaled integer: signed varint.</summary>
    ConstantInteger = 2,
    /// <summary>Scaled integers against their minimum: signed varint, width byte, packed bits.</summary>
    PackedInteger = 3,
    /// <summary>Differences of scaled integers against the least one: first and least as signed varints, width byte, packed bits.</summary>
    PackedDelta = 4,
    /// <summary>XOR of neighbours, leading and trailing zero bits cut.</summary>
    Xor = 5,
    /// <summary>8 bytes a value.</summary>
    Raw = 6,
}

/// <summary>
/// A column of 1..256 doubles in the smallest of a few encodings, bit-exact for every pattern.
/// <code>
/// byte 0   bits 0-2 encoding, bit 3 exceptions follow, bits 4-6 decimal scale s (value = n / 10^s)
/// [count byte, then (row byte, 8 bytes) each]      values that do not fit the integers around them, stale markers above all
/// payload of the encoding
/// </code>
/// Drawn in docs/formats/chunks.md.
/// </summary>
internal static partial class ColumnCodec
{
    public const int MaxRows = 256;

    /// <summary>Bytes that must be readable behind the last column of a buffer.</summary>
    public const int Padding = 9;

    /// <summary>The most one column may need while it is encoded.</summary>
    public const int MaxColumnBytes = MaxRows * 10 + 64;

    private const byte ExceptionsFlag = 0x08;

    /// <summary>True when the column holds no sample at all; nothing but its first byte is looked at.</summary>
    public static bool IsEmpty(byte first) => (first & 7) == (byte)ColumnEncoding.Empty;

    /// <summary>Encodes into <paramref name="to"/> (at least <see cref="MaxColumnBytes"/>, any content); returns the bytes used.</summary>
    public static int Encode(ReadOnlySpan<double> values, Span<byte> to)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        if (bits.IndexOfAnyExcept(bits[0]) < 0)
            return EncodeConstant(values[0], to);

        Span<long> integers = stackalloc long[MaxRows];
        Span<byte> exceptions = stackalloc byte[MaxRows];
        integers = integers[..values.Length];
        var scale = Scale(values, integers, exceptions, out var exceptionCount);
        if (scale >= 0)
            return EncodeIntegers(bits, integers, scale, exceptions[..exceptionCount], to);
        return EncodeXor(bits, to);
    }

    /// <summary>False when decoding so many rows could fail: the encoding is unknown or an exception lies outside the rows.</summary>
    public static bool IsSound(ReadOnlySpan<byte> from, int rows)
    {
        if ((ColumnEncoding)(from[0] & 7) is ColumnEncoding.Empty or > ColumnEncoding.Raw)
            return false;
        if ((from[0] & ExceptionsFlag) == 0)
            return true;
        for (var e = 0; e < from[1]; e++)
            if (from[2 + e * 9] >= rows)
                return false;
        return true;
    }

    public static int EncodeEmpty(Span<byte> to)
    {
        to[0] = (byte)ColumnEncoding.Empty;
        return 1;
    }

    private static int EncodeConstant(double value, Span<byte> to)
    {
        var scale = ScaledDecimal.SmallestScale(value, 0, out var n);
        var at = 1;
        if (scale >= 0 && Varint.Size(Varint.ZigZag(n)) < 8)
        {
            to[0] = (byte)((byte)ColumnEncoding.ConstantInteger | scale << 4);
            Varint.WriteSigned(to, ref at, n);
            return at;
        }
        to[0] = (byte)ColumnEncoding.Constant;
        BinaryPrimitives.WriteDoubleLittleEndian(to[1..], value);
        return 9;
    }

    /// <summary>The one scale at which all but a few values are integers, or -1. Exceptions take their neighbour's integer so that they cost no width.</summary>
    private static int Scale(ReadOnlySpan<double> values, Span<long> integers, Span<byte> exceptions, out int exceptionCount)
    {
        var limit = values.Length / 8;
        var scale = 0;
    again:
        exceptionCount = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (ScaledDecimal.TryScale(values[i], scale, out integers[i]))
                continue;
            var larger = ScaledDecimal.SmallestScale(values[i], scale + 1, out _);
            if (larger > 0)
            {
                scale = larger;
                goto again;
            }
            if (exceptionCount == limit)
                return -1;
            exceptions[exceptionCount++] = (byte)i;
            integers[i] = i > 0 ? integers[i - 1] : 0;
        }
        // A leading exception has no neighbour before it.
        for (var e = exceptionCount - 1; e >= 0; e--)
            if (exceptions[e] == e)
                integers[e] = integers[e + 1];
        return scale;
    }

    private static int EncodeIntegers(ReadOnlySpan<ulong> bits, ReadOnlySpan<long> integers, int scale, ReadOnlySpan<byte> exceptions, Span<byte> to)
    {
        long least = integers[0], most = integers[0], leastDelta = long.MaxValue, mostDelta = long.MinValue;
        for (var i = 1; i < integers.Length; i++)
        {
            var n = integers[i];
            least = Math.Min(least, n);
            most = Math.Max(most, n);
            var delta = n - integers[i - 1];
            leastDelta = Math.Min(leastDelta, delta);
            mostDelta = Math.Max(mostDelta, delta);
        }
        var width = Width(most - least);
        var deltaWidth = Width(mostDelta - leastDelta);
        var deltas = deltaWidth * (integers.Length - 1) + 8 < width * integers.Length;
        var encoding = deltas ? ColumnEncoding.PackedDelta : width == 0 ? ColumnEncoding.ConstantInteger : ColumnEncoding.PackedInteger;
        var at = 1;
        to[0] = (byte)((byte)encoding | scale << 4 | (exceptions.IsEmpty ? 0 : ExceptionsFlag));
        if (!exceptions.IsEmpty)
        {
            to[at++] = (byte)exceptions.Length;
            foreach (var row in exceptions)
            {
                to[at++] = row;
                BinaryPrimitives.WriteUInt64LittleEndian(to[at..], bits[row]);
                at += 8;
            }
        }
        Varint.WriteSigned(to, ref at, deltas ? integers[0] : least);
        if (encoding == ColumnEncoding.ConstantInteger)
            return at;
        if (deltas)
            Varint.WriteSigned(to, ref at, leastDelta);
        to[at++] = (byte)(deltas ? deltaWidth : width);
        var writer = new BitWriter(to[at..]);
        if (deltas)
        {
            for (var i = 1; i < integers.Length; i++)
                writer.Write((ulong)(integers[i] - integers[i - 1] - leastDelta), deltaWidth);
        }
        else
        {
            foreach (var n in integers)
                writer.Write((ulong)(n - least), width);
        }
        writer.Flush();
        return at + writer.Length > bits.Length * 8 + 1 ? EncodeRaw(bits, to) : at + writer.Length;
    }

    private static int Width(long range) => 64 - BitOperations.LeadingZeroCount((ulong)range);

    private static int EncodeXor(ReadOnlySpan<ulong> bits, Span<byte> to)
    {
        to[0] = (byte)ColumnEncoding.Xor;
        var length = XorBits.Encode(bits, to[1..]);
        return length >= bits.Length * 8 ? EncodeRaw(bits, to) : 1 + length;
    }

    private static int EncodeRaw(ReadOnlySpan<ulong> bits, Span<byte> to)
    {
        to[0] = (byte)ColumnEncoding.Raw;
        for (var i = 0; i < bits.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(to[(1 + i * 8)..], bits[i]);
        return 1 + bits.Length * 8;
    }
}
