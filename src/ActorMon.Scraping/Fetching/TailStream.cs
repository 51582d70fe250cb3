using System.Buffers.Binary;

namespace ActorMon.Scraping.Fetching;

/// <summary>
/// Passes a gzip stream through and remembers its end. The platform's decompressor takes a stream that broke off for a complete one; the length that closes a gzip
/// member (RFC 1952) tells them apart.
/// </summary>
internal sealed class TailStream(Stream source) : Stream
{
    private const int LengthBytes = sizeof(uint);
    private const int SmallestMember = 18;

    private readonly byte[] _tail = new byte[LengthBytes];
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True when the stream ended with the length of <paramref name="decompressed"/> bytes.</summary>
    public bool EndsWith(long decompressed) => _read >= SmallestMember && BinaryPrimitives.ReadUInt32LittleEndian(_tail) == (uint)decompressed;

    public override int Read(byte[] buffer, int offset, int count) => Remember(buffer.AsSpan(offset, count), source.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await source.ReadAsync(buffer, cancellationToken);
        return Remember(buffer.Span, count);
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Remember(ReadOnlySpan<byte> buffer, int count)
    {
        _read += count;
        var seen = buffer[..count];
        if (count >= LengthBytes)
        {
            seen[^LengthBytes..].CopyTo(_tail);
        }
        else
        {
            _tail.AsSpan(count).CopyTo(_tail);
            seen.CopyTo(_tail.AsSpan(LengthBytes - count));
        }
        return count;
    }
}
