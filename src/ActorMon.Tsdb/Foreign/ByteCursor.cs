using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Text;

namespace ActorMon.Tsdb.Foreign;

/// <summary>Reads big-endian numbers, varints and strings one after another; whatever reaches beyond the bytes is a <see cref="ForeignDataException"/>.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarintBytes = 10;
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public ulong Uvarint()
    {
        var used = TryUvarint(_rest, out var value);
        if (used <= 0)
            Throw(used == 0 ? "a number is cut off" : "a number is longer than 64 bits");
        _rest = _rest[used..];
        return value;
    }

    /// <summary>A signed varint: zigzag.</summary>
    public long Varint()
    {
        var value = Uvarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number of things that take at least <paramref name="least"/> bytes each, so that a damaged number cannot ask for more than there is.</summary>
    public int Count(int least)
    {
        var count = Uvarint();
        if (count > (ulong)(_rest.Length / least))
            Throw($"{count} entries in {_rest.Length} bytes");
        return (int)count;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            Throw($"{count} bytes wanted, {_rest.Length} left");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A string with its length before it.</summary>
    public string Text() => ByteText.Decode(Take(Count(1)));

    /// <summary>Bytes of the varint at the start; 0: cut off, -1: too long.</summary>
    public static int TryUvarint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i == MaxVarintBytes || (i == MaxVarintBytes - 1 && bytes[i] > 1))
                return -1;
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
                return i + 1;
        }
        return 0;
    }

    [DoesNotReturn]
    private static void Throw(string problem) => throw new ForeignDataException(problem);
}
