using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>Decoding, also of some rows alone: most queries want the last minutes of a column.</summary>
internal static partial class ColumnCodec
{
    /// <summary>Decodes <c>values.Length</c> rows from row <paramref name="first"/> on; an empty column leaves the span as it is and returns false.</summary>
    /// <param name="from">Starts at the column; <see cref="Padding"/> bytes beyond it are readable.</param>
    public static bool Decode(ReadOnlySpan<byte> from, Span<double> values, int first = 0)
    {
        var head = from[0];
        var at = 1;
        var exceptionsAt = 0;
        var exceptionCount = 0;
        if ((head & ExceptionsFlag) != 0)
        {
            exceptionCount = from[at++];
            exceptionsAt = at;
            at += exceptionCount * 9;
        }
        var scale = head >> 4 & 7;
        switch ((ColumnEncoding)(head & 7))
        {
            case ColumnEncoding.Empty:
                return false;
            case ColumnEncoding.Constant:
                values.Fill(BinaryPrimitives.ReadDoubleLittleEndian(from[at..]));
                break;
            case ColumnEncoding.ConstantInteger:
                values.Fill(ScaledDecimal.Unscale(Varint.ReadSigned(from, ref at), scale));
                break;
            case ColumnEncoding.PackedInteger:
                DecodePacked(from, at, values, first);
                Unscale(values, scale);
                break;
            case ColumnEncoding.PackedDelta:
                DecodeDeltas(from, at, values, first);
                Unscale(values, scale);
                break;
            case ColumnEncoding.Xor:
                DecodeXor(from[at..], MemoryMarshal.Cast<double, ulong>(values), first);
                break;
            default:
                MemoryMarshal.Cast<byte, double>(from.Slice(at + (first * 8), values.Length * 8)).CopyTo(values);
                break;
        }
        for (var e = 0; e < exceptionCount; e++, exceptionsAt += 9)
            if (from[exceptionsAt] - first is var row and >= 0 && row < values.Length)
                values[row] = BinaryPrimitives.ReadDoubleLittleEndian(from[(exceptionsAt + 1)..]);
        return true;
    }

    private static void DecodePacked(ReadOnlySpan<byte> from, int at, Span<double> values, int first)
    {
        var least = Varint.ReadSigned(from, ref at);
        var fields = new BitFields(from, ref at, first, values.Length);
        for (var i = 0; i < values.Length; i++)
            values[i] = least + fields.Next();
    }

    private static void DecodeDeltas(ReadOnlySpan<byte> from, int at, Span<double> values, int first)
    {
        var n = Varint.ReadSigned(from, ref at);
        var leastDelta = Varint.ReadSigned(from, ref at);
        var fields = new BitFields(from, ref at, 0, first + values.Length - 1);
        for (var i = 0; i < first; i++)
            n += leastDelta + fields.Next();
        values[0] = n;
        for (var i = 1; i < values.Length; i++)
        {
            n += leastDelta + fields.Next();
            values[i] = n;
        }
    }

    /// <summary>Whole numbers to values; they are exact as doubles, and division is correctly rounded.</summary>
    private static void Unscale(Span<double> values, int scale)
    {
        if (scale == 0)
            return;
        var power = ScaledDecimal.Power(scale);
        var powers = new Vector<double>(power);
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(values[i..]) / powers).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] /= power;
    }

    private static void DecodeXor(ReadOnlySpan<byte> from, Span<ulong> bits, int first)
    {
        var reader = new BitReader(from);
        var last = reader.Read(64);
        if (first == 0)
            bits[0] = last;
        int leading = 0, trailing = 0;
        for (var i = 1; i < first + bits.Length; i++)
        {
            if (reader.Read(1) != 0)
            {
                if (reader.Read(1) != 0)
                {
                    leading = (int)reader.Read(5);
                    trailing = 63 - (int)reader.Read(6) - leading;
                }
                last ^= reader.Read(64 - leading - trailing) << trailing;
            }
            if (i >= first)
                bits[i - first] = last;
        }
    }

    /// <summary>Fields of one width, a width byte before the first. That all of them and eight bytes behind lie in the span is checked once.</summary>
    private ref struct BitFields
    {
        private readonly ref readonly byte _start;
        private readonly ulong _mask;
        private readonly int _width;
        private int _bit;

        public BitFields(ReadOnlySpan<byte> from, ref int at, int first, int count)
        {
            _width = from[at++];
            _bit = first * _width;
            _mask = _width == 0 ? 0 : ulong.MaxValue >> (64 - _width);
            var bytes = (((first + count) * _width) + 7) / 8;
            _start = ref MemoryMarshal.GetReference(from.Slice(at, bytes + 8));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long Next()
        {
            ref readonly var place = ref Unsafe.Add(ref Unsafe.AsRef(in _start), _bit >> 3);
            var offset = _bit & 7;
            var word = Unsafe.ReadUnaligned<ulong>(in place);
            var value = (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)) >> offset;
            if (_width + offset > 64)
                value |= (ulong)Unsafe.Add(ref Unsafe.AsRef(in place), 8) << (64 - offset);
            _bit += _width;
            return (long)(value & _mask);
        }
    }
}
