using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>Reads bits, most significant first; whatever reaches beyond the bytes is a <see cref="ForeignDataException"/>.</summary>
internal ref struct BitCursor(ReadOnlySpan<byte> bytes)
{
    private const int MaxAtOnce = 56;
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly long _end = bytes.Length * 8L;
    private long _at;

    public readonly long Left => _end - _at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Bit()
    {
        if (_at >= _end)
            ThrowEnd();
        var bit = (_bytes[(int)(_at >> 3)] >> (7 - (int)(_at & 7))) & 1;
        _at++;
        return bit != 0;
    }

    /// <summary>0..64 bits as a number.</summary>
    public ulong Bits(int count)
    {
        if (count > MaxAtOnce)
        {
            var high = Bits(count - 32);
            return high << 32 | Bits(32);
        }
        if (count == 0)
            return 0;
        if (_at + count > _end)
            ThrowEnd();
        var first = (int)(_at >> 3);
        var window = _bytes.Length - first >= 8 ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[first..]) : Tail(first);
        window = window << (int)(_at & 7) >> (64 - count);
        _at += count;
        return window;
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Bits(64));

    public byte Byte() => (byte)Bits(8);

    /// <summary>A varint of whole bytes, which need not begin at a byte's first bit.</summary>
    public ulong Uvarint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Byte();
            if (shift == 63 && b > 1)
                throw new ForeignDataException("a number is longer than 64 bits");
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
    }

    public long Varint()
    {
        var value = Uvarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A signed number of 1 to 72 bits: its size in unary, then two's complement, where the upper half of a size begins one above the middle.</summary>
    public long VarbitInt()
    {
        var size = VarbitSize();
        return size is 0 or 64 ? (long)Bits(size) : Signed(Bits(size), size);
    }

    /// <summary>An unsigned number in the sizes of <see cref="VarbitInt"/>.</summary>
    public ulong VarbitUint() => Bits(VarbitSize());

    /// <summary>The number that <paramref name="size"/> bits stand for when -2^(size-1) itself is read as positive.</summary>
    public static long Signed(ulong bits, int size) => bits > 1UL << (size - 1) ? (long)(bits - (1UL << size)) : (long)bits;

    private int VarbitSize()
    {
        var ones = 0;
        while (ones < 8 && Bit())
            ones++;
        return ones switch { 0 => 0, 1 => 3, 2 => 6, 3 => 9, 4 => 12, 5 => 18, 6 => 25, 7 => 56, _ => 64 };
    }

    private readonly ulong Tail(int first)
    {
        ulong window = 0;
        for (var i = 0; i < 8; i++)
            window = window << 8 | (first + i < _bytes.Length ? _bytes[first + i] : 0u);
        return window;
    }

    [DoesNotReturn]
    private static void ThrowEnd() => throw new ForeignDataException("the chunk ends in the middle of a sample");
}
