using System.Buffers.Binary;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Wal;

/// <summary>Reads the fields of a record's body; every read says whether the bytes were there.</summary>
internal ref struct WalReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _at;

    public readonly int Left => _body.Length - _at;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (_at >= _body.Length)
            return false;
        value = _body[_at++];
        return true;
    }

    public bool TryNumber(out ulong value) => Varint.TryRead(_body, ref _at, out value);

    /// <summary>A number of things that each take at least one byte (or one bit when <paramref name="perByte"/> is 8) of what is left.</summary>
    public bool TryCount(out int value, int perByte = 1)
    {
        value = 0;
        if (!Varint.TryRead(_body, ref _at, out var count) || count > (ulong)Left * (ulong)perByte)
            return false;
        value = (int)count;
        return true;
    }

    public bool TrySigned(out long value)
    {
        var read = Varint.TryRead(_body, ref _at, out var raw);
        value = Varint.UnZigZag(raw);
        return read;
    }

    public bool TryFixed(out ulong value)
    {
        value = 0;
        if (Left < 8)
            return false;
        value = BinaryPrimitives.ReadUInt64LittleEndian(_body[_at..]);
        _at += 8;
        return true;
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (count < 0 || count > Left)
            return false;
        value = _body.Slice(_at, count);
        _at += count;
        return true;
    }

    public bool TryText(out string value)
    {
        value = "";
        if (!TryCount(out var length) || !TryBytes(length, out var bytes))
            return false;
        value = ByteText.Decode(bytes);
        return true;
    }

    public bool TryValue(double previous, ref byte state, out double value) => ValueToken.TryRead(_body, ref _at, previous, ref state, out value);
}
