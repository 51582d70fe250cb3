using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ActorMon.RemoteWrite.Wire;

internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>
/// Reads the fields of one protobuf message. After the first fault every read gives nothing, <see cref="TryNext"/> is false and <see cref="Error"/> says why,
/// so a loop over fields checks once, at its end.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int MaxVarintBytes = 10;
    private const string Truncated = "unexpected EOF";
    private const string Overflow = "proto: integer overflow";

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>What is wrong with the message, or null.</summary>
    public string? Error { readonly get; private set; }

    public int Field { readonly get; private set; }

    public WireType Type { readonly get; private set; }

    /// <summary>Offset of the next unread byte.</summary>
    public readonly int Position => _at;

    /// <summary>Moves to the next field's tag; false at the end and after a fault.</summary>
    public bool TryNext()
    {
        if (Error is not null || _at >= _message.Length)
            return false;
        var tag = ReadVarint();
        if (Error is not null)
            return false;
        Type = (WireType)(tag & 7);
        Field = (int)(uint)(tag >> 3);
        if (tag >> 3 is 0 or > 0x1FFFFFFF)
            return Fail(string.Create(CultureInfo.InvariantCulture, $"proto: illegal tag {(int)(tag >> 3)} (wire type {(int)Type})"));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        if (_at < _message.Length && _message[_at] < 0x80)
            return _message[_at++];
        return ReadLongVarint();
    }

    /// <summary>A field's varint; a fault when the field has another wire type.</summary>
    public ulong VarintField(string name) => Expect(WireType.Varint, name) ? ReadVarint() : 0;

    /// <summary>A field's zigzag varint.</summary>
    public long SignedField(string name) => ZigZag(VarintField(name));

    public double DoubleField(string name) => Expect(WireType.Fixed64, name) ? ReadDouble() : 0;

    public ReadOnlySpan<byte> BytesField(string name) => Expect(WireType.Bytes, name) ? ReadBytes() : default;

    public double ReadDouble()
    {
        if (_message.Length - _at < sizeof(double))
        {
            Fail(Truncated);
            return 0;
        }
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_message[_at..]);
        _at += sizeof(double);
        return value;
    }

    public static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>The next element of a packed list; false at its end and after a fault.</summary>
    public bool TryReadPacked(out ulong value)
    {
        value = 0;
        if (Error is not null || _at >= _message.Length)
            return false;
        value = ReadVarint();
        return Error is null;
    }

    /// <summary>The next element of a packed list of doubles.</summary>
    public bool TryReadPackedDouble(out double value)
    {
        value = 0;
        if (Error is not null || _at >= _message.Length)
            return false;
        value = ReadDouble();
        return Error is null;
    }

    /// <summary>Takes over the fault of a message inside this one.</summary>
    public void Adopt(string? innerError) => Error ??= innerError;

    /// <summary>Passes over a field that this reader's message does not know.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Advance(sizeof(long));
                break;
            case WireType.Fixed32:
                Advance(sizeof(int));
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            default:
                // Groups are none of these messages' features; nothing that sends them is a remote writer.
                Fail(string.Create(CultureInfo.InvariantCulture, $"proto: illegal wireType {(int)Type}"));
                break;
        }
    }

    private ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        if (Error is not null)
            return default;
        if (length > (ulong)(_message.Length - _at))
        {
            Fail(Truncated);
            return default;
        }
        var bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private ulong ReadLongVarint()
    {
        var value = 0UL;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            if (_at >= _message.Length)
            {
                Fail(Truncated);
                return 0;
            }
            var next = _message[_at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return value;
        }
        Fail(Overflow);
        return 0;
    }

    private void Advance(int bytes)
    {
        if (_message.Length - _at < bytes)
            Fail(Truncated);
        else
            _at += bytes;
    }

    private bool Expect(WireType type, string name)
    {
        if (Type == type)
            return true;
        return Fail(string.Create(CultureInfo.InvariantCulture, $"proto: wrong wireType = {(int)Type} for field {name}"));
    }

    private bool Fail(string error)
    {
        Error ??= error;
        return false;
    }
}
