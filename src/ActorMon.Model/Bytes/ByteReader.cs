using System.Buffers.Binary;
using ActorMon.Model.Text;

namespace ActorMon.Model.Bytes;

/// <summary>
/// Reads fields of bytes that may be damaged. The first read beyond the end sets <see cref="Failed"/>; every later one gives zero, so a decoder asks once at its end
/// (and before it believes a count). Behind the bytes stand <see cref="Padding"/> more that may be looked at but mean nothing.
/// </summary>
public ref struct ByteReader
{
    /// <summary>Bytes that must be readable behind the end: bit fields are read eight bytes at a time.</summary>
    public const int Padding = 8;

    private readonly ReadOnlySpan<byte> _padded;
    private readonly int _end;
    private int _at;

    /// <summary>Bytes with nothing behind them; of these there are no <see cref="PaddedBytes"/>.</summary>
    public static ByteReader Unpadded(ReadOnlySpan<byte> bytes) => new(bytes, 0, bytes.Length);

    private ByteReader(ReadOnlySpan<byte> bytes, int at, int end)
    {
        _padded = bytes;
        _at = at;
        _end = end;
    }

    /// <param name="padded">The bytes and their padding.</param>
    public ByteReader(ReadOnlySpan<byte> padded, int at = 0)
    {
        _padded = padded;
        _end = Math.Max(0, padded.Length - Padding);
        if ((uint)at > (uint)_end)
        {
            Failed = true;
            at = _end;
        }
        _at = at;
    }

    public bool Failed { get; private set; }

    public readonly int Position => _at;

    /// <summary>All bytes, those before the start too, and the padding.</summary>
    public readonly ReadOnlySpan<byte> Padded => _padded;

    public readonly int Left => _end - _at;

    public void Fail()
    {
        Failed = true;
        _at = _end;
    }

    public byte Byte()
    {
        if (_at < _end)
            return _padded[_at++];
        Fail();
        return 0;
    }

    public ulong Number()
    {
        // One byte is the rule.
        if (_at < _end && _padded[_at] < 0x80)
            return _padded[_at++];
        if (Varint.TryRead(_padded[.._end], ref _at, out var value))
            return value;
        Fail();
        return 0;
    }

    public long Signed() => Varint.UnZigZag(Number());

    /// <summary>A number that must be at most <paramref name="limit"/>.</summary>
    public int Number(int limit)
    {
        var value = Number();
        if (value <= (ulong)limit)
            return (int)value;
        Fail();
        return 0;
    }

    /// <summary>How many things follow, each at least one byte long: a greater count is damage, not a reason to allocate.</summary>
    public int Count() => Number(Left);

    public ulong Fixed64()
    {
        if (Left < 8)
        {
            Fail();
            return 0;
        }
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_padded[_at..]);
        _at += 8;
        return value;
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)Left)
        {
            Fail();
            return default;
        }
        var bytes = _padded.Slice(_at, count);
        _at += count;
        return bytes;
    }

    /// <summary>As <see cref="Bytes"/> with the eight readable bytes behind them; empty when they are not there.</summary>
    public ReadOnlySpan<byte> PaddedBytes(int count)
    {
        if ((uint)count > (uint)Left || _padded.Length - _at - count < Padding)
        {
            Fail();
            return default;
        }
        var bytes = _padded.Slice(_at, count + Padding);
        _at += count;
        return bytes;
    }

    public string Text() => ByteText.Decode(Bytes(Count()));
}
