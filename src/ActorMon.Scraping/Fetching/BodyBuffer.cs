using System.Buffers;

namespace ActorMon.Scraping.Fetching;

/// <summary>
/// A growing byte buffer on rented memory. Owner: the scrape that fills it; <see cref="Dispose"/> gives the memory back, what was read is invalid then.
/// </summary>
public sealed class BodyBuffer : IDisposable
{
    public const int SmallestSize = 16 * 1024;

    private byte[] _bytes;

    /// <param name="expected">Bytes to expect; a wrong guess costs a copy.</param>
    public BodyBuffer(int expected) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(expected, SmallestSize));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Room for at least one byte behind what is written.</summary>
    public Memory<byte> Free()
    {
        if (Length == _bytes.Length)
            Grow();
        return _bytes.AsMemory(Length);
    }

    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, _bytes.Length * 2L));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
