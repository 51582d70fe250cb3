using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>Reads what <see cref="BitWriter"/> wrote from bytes that may be damaged: beyond their end it gives zeros and says so.</summary>
/// <param name="padded">The bytes and <see cref="ByteReader.Padding"/> more.</param>
internal ref struct BoundedBitReader(ReadOnlySpan<byte> padded) : IBitReader
{
    private readonly ReadOnlySpan<byte> _padded = padded;
    private readonly int _limit = Math.Max(0, padded.Length - ByteReader.Padding) * 8;
    private int _bit;

    public bool Failed { get; private set; }

    /// <param name="width">0..64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(int width)
    {
        if (_bit + width > _limit || width == 0)
        {
            Failed |= width != 0;
            return 0;
        }
        var offset = _bit & 7;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_padded[(_bit >> 3)..]) >> offset;
        if (width + offset > 64)
            value |= (ulong)_padded[(_bit >> 3) + 8] << (64 - offset);
        _bit += width;
        return width == 64 ? value : value & ((1UL << width) - 1);
    }
}
