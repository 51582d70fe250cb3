using System.Buffers.Binary;
using ActorMon.Model.Text;

namespace ActorMon.Model.Wire;

/// <summary>Writes protobuf into a growing buffer that is reused. A nested message is written in place and its length put before it when it ends.</summary>
public sealed class WireWriter
{
    private byte[] _buffer = new byte[4096];

    public int Length { get; private set; }

    /// <summary>Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public void Reset() => Length = 0;

    /// <summary>A varint field, written also when it is zero, as proto2 does it for a field that is set.</summary>
    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    /// <summary>A zigzag varint field, written also when it is zero.</summary>
    public void Signed(int field, long value) => Varint(field, (ulong)(value << 1 ^ value >> 63));

    /// <summary>A varint field; zero, proto3's default, is left out.</summary>
    public void VarintOrNothing(int field, ulong value)
    {
        if (value != 0)
            Varint(field, value);
    }

    /// <summary>A zigzag varint field; zero is left out.</summary>
    public void SignedOrNothing(int field, long value)
    {
        if (value != 0)
            Signed(field, value);
    }

    /// <summary>A double field, written also when it is zero: members of a oneof say by being there which one it is.</summary>
    public void Double(int field, double value)
    {
        Raw((ulong)field << 3 | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    /// <summary>A packed list of doubles; an empty one is left out.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        Raw((ulong)field << 3 | 2);
        Raw((ulong)values.Length * sizeof(double));
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
            Length += 8;
        }
    }

    public void Text(int field, string text)
    {
        var length = ByteText.ByteCount(text);
        Raw((ulong)field << 3 | 2);
        Raw((ulong)length);
        ByteText.Encode(text, Room(length));
        Length += length;
    }

    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Raw((ulong)field << 3 | 2);
        Raw((ulong)bytes.Length);
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Opens a nested message; hand the result to <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Raw((ulong)field << 3 | 2);
        return Length;
    }

    public void End(int start)
    {
        var size = Length - start;
        var prefix = 1;
        for (var rest = (uint)size; rest >= 0x80; rest >>= 7)
            prefix++;
        Room(prefix);
        _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + prefix));
        Length = start;
        Raw((ulong)size);
        Length += size;
    }

    private void Raw(ulong value)
    {
        var room = Room(10);
        var at = 0;
        while (value >= 0x80)
        {
            room[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[at++] = (byte)value;
        Length += at;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        return _buffer.AsSpan(Length);
    }
}
