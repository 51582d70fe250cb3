using System.Buffers.Binary;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Wal;

/// <summary>A growing byte buffer that one writer fills again and again.</summary>
internal sealed class WalBuffer
{
    private const int KeptBytes = 4 << 20;
    private byte[] _bytes = new byte[4096];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public Span<byte> From(int start) => _bytes.AsSpan(start, _length - start);

    /// <summary>Empties it; a buffer that one large group made is given back.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[4096];
    }

    public void Truncate(int length) => _length = length;

    /// <summary>Room for that many bytes at the end; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + count, _bytes.Length * 2));
        return _bytes.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void Number(ulong value)
    {
        var at = 0;
        Varint.Write(Reserve(Varint.MaxBytes), ref at, value);
        _length += at;
    }

    public void Signed(long value) => Number(Varint.ZigZag(value));

    public void Fixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        _length += 8;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        _length += value.Length;
    }

    public void Text(string value)
    {
        var count = ByteText.ByteCount(value);
        Number((ulong)count);
        ByteText.Encode(value, Reserve(count));
        _length += count;
    }
}
