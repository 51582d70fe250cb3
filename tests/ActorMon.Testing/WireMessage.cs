using System.Buffers.Binary;

namespace ActorMon.Testing;

/// <summary>Writes a protobuf message field by field, in the order of the calls, so tests can build any legal or broken wire form.</summary>
public sealed class WireMessage
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public WireMessage Varint(int field, ulong value)
    {
        Tag(field, 0);
        Raw(value);
        return this;
    }

    public WireMessage Signed(int field, long value) => Varint(field, ZigZag(value));

    public WireMessage Double(int field, double value)
    {
        Tag(field, 1);
        Fixed(value);
        return this;
    }

    public WireMessage Fixed32(int field, uint value)
    {
        Tag(field, 5);
        for (var i = 0; i < 4; i++)
            _bytes.Add((byte)(value >> (8 * i)));
        return this;
    }

    public WireMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Raw((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public WireMessage Text(int field, string value) => Bytes(field, Model.Text.ByteText.Encode(value));

    public WireMessage Message(int field, WireMessage value) => Bytes(field, value.ToArray());

    public WireMessage PackedSigned(int field, params ReadOnlySpan<long> values)
    {
        var packed = new WireMessage();
        foreach (var value in values)
            packed.Raw(ZigZag(value));
        return Bytes(field, packed.ToArray());
    }

    public WireMessage PackedDouble(int field, params ReadOnlySpan<double> values)
    {
        var packed = new WireMessage();
        foreach (var value in values)
            packed.Fixed(value);
        return Bytes(field, packed.ToArray());
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void Tag(int field, int type) => Raw(((ulong)field << 3) | (uint)type);

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }

    private void Fixed(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }
}
