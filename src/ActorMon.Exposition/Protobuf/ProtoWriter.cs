using System.Buffers.Binary;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Protobuf;

/// <summary>Writes protobuf into a growing buffer. A nested message is written in place and its length put before it when it ends.</summary>
internal sealed class ProtoWriter
{
    private byte[] _buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Reset() => Length = 0;

    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    public void SInt(int field, long value) => Varint(field, ZigZag(value));

    public void Double(int field, double value)
    {
        Raw((ulong)field << 3 | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    public void String(int field, string text)
    {
        var length = ByteText.ByteCount(text);
        Raw((ulong)field << 3 | 2);
        Raw((ulong)length);
        ByteText.Encode(text, Room(length));
        Length += length;
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
        var prefix = VarintLength((ulong)size);
        Room(prefix);
        _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + prefix));
        Length = start;
        Raw((ulong)size);
        Length += size;
    }

    public static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    public void Raw(ulong value)
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

    private static int VarintLength(ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7)
            length++;
        return length;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        return _buffer.AsSpan(Length);
    }
}
