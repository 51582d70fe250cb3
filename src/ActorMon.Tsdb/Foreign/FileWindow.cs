using System.Diagnostics.CodeAnalysis;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign;

/// <summary>
/// Reads one file mostly forward through a buffer. Spans are valid until the next call. Memory is the window, or the longest piece asked for. Owns the file.
/// </summary>
internal sealed class FileWindow(IStorageFile file, string name) : IDisposable
{
    private const int WindowBytes = 256 << 10;

    private byte[] _buffer = [];
    private long _start;
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; } = name;

    /// <exception cref="ForeignDataException">The file ends before.</exception>
    public ReadOnlySpan<byte> Get(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            ThrowOutside(offset, count);
        if (offset < _start || offset + count > _start + _count)
            Fill(offset, count);
        return _buffer.AsSpan((int)(offset - _start), count);
    }

    /// <summary>As much as there is, at most <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> GetUpTo(long offset, int count) => Get(offset, (int)Math.Clamp(Length - offset, 0, count));

    public void Dispose() => file.Dispose();

    private void Fill(long offset, int count)
    {
        var wanted = (int)Math.Min(Math.Max(count, WindowBytes), Length - offset);
        if (_buffer.Length < wanted)
            _buffer = new byte[wanted];
        _start = offset;
        _count = file.Read(offset, _buffer.AsSpan(0, wanted));
        if (_count < count)
            ThrowOutside(offset, count);
    }

    [DoesNotReturn]
    private void ThrowOutside(long offset, int count) =>
        throw new ForeignDataException($"{Name}: {count} bytes at {offset} are beyond the file's end at {Length}");
}
