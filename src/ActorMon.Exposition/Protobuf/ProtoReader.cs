using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ActorMon.Exposition.Parsing;

namespace ActorMon.Exposition.Protobuf;

/// <summary>Protobuf wire types.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads one protobuf message from a span, field by field. Lengths are checked against what is there before anything is taken, so a lying message ends in an
/// <see cref="ExpositionException"/> and never allocates.
/// </summary>
internal ref struct ProtoReader(byte[] source, int from, int end)
{
    private readonly byte[] _source = source;
    private readonly int _end = end;
    private int _at = from;

    public readonly int At => _at;
    public int Field { get; private set; }
    public WireType Wire { get; private set; }

    /// <summary>Moves to the next field; false at the end of the message.</summary>
    public bool Next()
    {
        if (_at >= _end)
            return false;
        var tag = Varint();
        if (tag > uint.MaxValue || tag >> 3 == 0)
            Throw($"illegal tag {tag >> 3} (wire type {tag & 7})");
        Field = (int)(tag >> 3);
        Wire = (WireType)(tag & 7);
        if (Wire is not (WireType.Varint or WireType.Fixed64 or WireType.Length or WireType.Fixed32))
            Throw($"illegal wireType {tag & 7}");
        return true;
    }

    public ulong UInt64()
    {
        Expect(WireType.Varint);
        return Varint();
    }

    public double Double()
    {
        Expect(WireType.Fixed64);
        return RawDouble();
    }

    public int SInt32() => (int)ZigZag(UInt64());

    /// <summary>The bounds of a length-delimited field.</summary>
    public (int Start, int End) Slice()
    {
        Expect(WireType.Length);
        return RawSlice();
    }

    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Length:
                RawSlice();
                break;
            default:
                Take(4);
                break;
        }
    }

    /// <summary>A repeated double, packed or not.</summary>
    public void Doubles(List<double> into)
    {
        if (Wire == WireType.Fixed64)
        {
            into.Add(RawDouble());
            return;
        }
        var (start, end) = Slice();
        var packed = new ProtoReader(_source, start, end);
        while (packed._at < packed._end)
            into.Add(packed.RawDouble());
    }

    /// <summary>A repeated sint64, packed or not.</summary>
    public void SInt64s(List<long> into)
    {
        if (Wire == WireType.Varint)
        {
            into.Add(ZigZag(Varint()));
            return;
        }
        var (start, end) = Slice();
        var packed = new ProtoReader(_source, start, end);
        while (packed._at < packed._end)
            into.Add(ZigZag(packed.Varint()));
    }

    /// <summary>A varint outside any field, as the length prefix of a delimited message.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _end)
                Throw("unexpected EOF");
            var b = _source[_at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        Throw("integer overflow");
        return 0;
    }

    private double RawDouble() => BinaryPrimitives.ReadDoubleLittleEndian(_source.AsSpan(Take(8), 8));

    private (int Start, int End) RawSlice()
    {
        var length = Varint();
        if (length > (ulong)(_end - _at))
            Throw("unexpected EOF");
        var start = Take((int)length);
        return (start, _at);
    }

    private int Take(int count)
    {
        if (count > _end - _at)
            Throw("unexpected EOF");
        var start = _at;
        _at += count;
        return start;
    }

    private readonly void Expect(WireType wire)
    {
        if (Wire != wire)
            Throw($"wrong wireType = {(int)Wire} for field {Field}");
    }

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    [DoesNotReturn]
    private static void Throw(string problem) => throw new ExpositionException("proto: " + problem);
}
