using System.Buffers.Binary;
using System.Numerics;

namespace ActorMon.RemoteWrite.Chunks;

/// <summary>Appends bits, the highest first, to a growing buffer that is reused.</summary>
public sealed class BitWriter
{
    private byte[] _buffer = new byte[2048];
    private int _bits;

    /// <summary>Whole bytes; bits of the last one that were not written are zero. Valid until the next write.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, (_bits + 7) >> 3);

    public void Reset()
    {
        Written.Clear();
        _bits = 0;
    }

    public void Bit(bool one) => Bits(one ? 1UL : 0, 1);

    /// <summary>The lowest <paramref name="count"/> (1 to 64) bits of a value.</summary>
    public void Bits(ulong value, int count)
    {
        if (_buffer.Length * 8 - _bits < 128)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        while (count > 0)
        {
            var free = 8 - (_bits & 7);
            var take = Math.Min(free, count);
            var piece = (byte)(value >> (count - take) & ((1UL << take) - 1));
            _buffer[_bits >> 3] |= (byte)(piece << (free - take));
            _bits += take;
            count -= take;
        }
    }

    public void Byte(byte value) => Bits(value, 8);

    /// <summary>A varint of whole bytes (bit by bit, when the stream is in the middle of one).</summary>
    public void UVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Varint(long value) => UVarint((ulong)(value << 1 ^ value >> 63));

    public void Double(double value) => Bits(BitConverter.DoubleToUInt64Bits(value), 64);

    /// <summary>A signed number in one of nine widths, told by a run of ones in front.</summary>
    public void VarbitInt(long value)
    {
        if (value == 0)
            Bit(false);
        else
            Prefixed((ulong)value, Width(static (v, bits) => Fits(v, bits), value));
    }

    /// <summary>An unsigned number in one of nine widths.</summary>
    public void VarbitUInt(ulong value)
    {
        if (value == 0)
            Bit(false);
        else
            Prefixed(value, Width(static (v, bits) => (ulong)v < 1UL << bits, (long)value));
    }

    /// <summary>True when the number is one of those that <paramref name="bits"/> bits stand for: one more above zero than below.</summary>
    public static bool Fits(long value, int bits) => -((1L << (bits - 1)) - 1) <= value && value <= 1L << (bits - 1);

    /// <summary>Writes a double by its difference to the one before; the window of differing bits is kept while it is wide enough.</summary>
    public void Xor(double value, ref XorState state)
    {
        var delta = BitConverter.DoubleToUInt64Bits(value) ^ BitConverter.DoubleToUInt64Bits(state.Value);
        state.Value = value;
        if (delta == 0)
        {
            Bit(false);
            return;
        }
        Bit(true);
        // Five bits tell the leading zeros.
        var leading = Math.Min(BitOperations.LeadingZeroCount(delta), 31);
        var trailing = BitOperations.TrailingZeroCount(delta);
        if (state.HasWindow && leading >= state.Leading && trailing >= state.Trailing)
        {
            Bit(false);
            Bits(delta >> state.Trailing, 64 - state.Leading - state.Trailing);
            return;
        }
        (state.Leading, state.Trailing, state.HasWindow) = (leading, trailing, true);
        var significant = 64 - leading - trailing;
        Bit(true);
        Bits((ulong)leading, 5);
        // 64 does not fit six bits; zero, which never occurs, stands for it.
        Bits((ulong)significant & 63, 6);
        Bits(delta >> trailing, significant);
    }

    /// <summary>Puts a 16-bit big-endian number over the first two bytes.</summary>
    public void SetCount(int count) => BinaryPrimitives.WriteUInt16BigEndian(_buffer, (ushort)count);

    private static readonly int[] Widths = [3, 6, 9, 12, 18, 25, 56, 64];

    private static int Width(Func<long, int, bool> fits, long value)
    {
        for (var i = 0; i < Widths.Length - 1; i++)
            if (fits(value, Widths[i]))
                return i;
        return Widths.Length - 1;
    }

    private void Prefixed(ulong value, int width)
    {
        // n + 1 ones and a zero in front of width n; the widest has no zero.
        var ones = width + 1;
        if (width == Widths.Length - 1)
            Bits(0xFF, 8);
        else
            Bits((1UL << (ones + 1)) - 2, ones + 1);
        Bits(value, Widths[width]);
    }
}

/// <summary>What <see cref="BitWriter.Xor"/> remembers of a column.</summary>
public struct XorState
{
    public double Value;
    public int Leading;
    public int Trailing;
    public bool HasWindow;
}
