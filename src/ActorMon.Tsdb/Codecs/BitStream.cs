using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>Writes bit fields, least significant bit first, into a span the caller has zeroed and sized.</summary>
internal ref struct BitWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;
    private int _at;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>Bytes written so far, the unfinished one included.</summary>
    public readonly int Length => _at + (_pendingBits + 7) / 8;

    /// <param name="width">0..64; higher bits of <paramref name="value"/> must be zero.</param>
    public void Write(ulong value, int width)
    {
        if (width == 0)
            return;
        _pending |= value << _pendingBits;
        var total = _pendingBits + width;
        if (total < 64)
        {
            _pendingBits = total;
            return;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(_to[_at..], _pending);
        _at += 8;
        var used = 64 - _pendingBits;
        _pending = used == 64 ? 0 : value >> used;
        _pendingBits = total - 64;
    }

    public void Flush()
    {
        while (_pendingBits > 0)
        {
            _to[_at++] = (byte)_pending;
            _pending >>= 8;
            _pendingBits -= 8;
        }
        _pendingBits = 0;
    }
}

/// <summary>Reads bit fields in the order in which <see cref="BitWriter"/> wrote them.</summary>
internal interface IBitReader
{
    /// <summary>Something was asked for that is not there.</summary>
    bool Failed { get; }

    /// <param name="width">0..64.</param>
    ulong Read(int width);
}

/// <summary>Reads what <see cref="BitWriter"/> wrote; eight readable bytes must follow the stream (see <see cref="ColumnCodec.Padding"/>).</summary>
internal ref struct BitReader(ReadOnlySpan<byte> from) : IBitReader
{
    private readonly ReadOnlySpan<byte> _from = from;
    private int _bit;

    /// <summary>Never: what is read was written by this process, or has passed its checksum.</summary>
    public readonly bool Failed => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(int width)
    {
        if (width == 0)
            return 0;
        var offset = _bit & 7;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_from[(_bit >> 3)..]) >> offset;
        if (width + offset > 64)
            value |= (ulong)_from[(_bit >> 3) + 8] << (64 - offset);
        _bit += width;
        return width == 64 ? value : value & ((1UL << width) - 1);
    }
}
