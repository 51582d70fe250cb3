using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Storage;
using ZstdSharp;

namespace ActorMon.Tsdb.Parts;

/// <summary>The file of a part being written: framed pages gathered to large appends.</summary>
internal sealed class PartOutput(IStorageFile file) : IDisposable
{
    private const int AppendBytes = 512 << 10;

    private readonly ByteWriter _pending = new(AppendBytes / 4);
    private readonly Compressor _values = new(PageCompression.ValueLevel);
    private Compressor? _index;
    private byte[] _compressed = [];
    private long _appended;

    public long Position => _appended + _pending.Length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _pending.Bytes(bytes);
        if (_pending.Length >= AppendBytes)
            Flush();
    }

    /// <summary>Writes one page; returns its place in the file, frame included.</summary>
    public (long Offset, int Length) WritePage(PageKind kind, int number, ReadOnlySpan<byte> raw)
    {
        if (raw.Length > PartFormat.MaxPageBytes)
            throw new InvalidOperationException($"a page of {raw.Length} bytes is larger than the format's {PartFormat.MaxPageBytes}");
        var isIndex = kind is not (PageKind.Values or PageKind.Times);
        var bound = Compressor.GetCompressBound(raw.Length);
        if (_compressed.Length < bound)
            _compressed = new byte[bound];
        var compressor = isIndex ? _index ??= new Compressor(PageCompression.IndexLevel) : _values;
        var length = compressor.Wrap(raw, _compressed);
        // Columns are packed bits: what saves less than a sixteenth is not worth decompressing at every read.
        var isWorthIt = length < raw.Length - (isIndex ? 0 : raw.Length / 16);
        var stored = isWorthIt ? _compressed.AsSpan(0, length) : raw;
        var offset = Position;
        Span<byte> frame = stackalloc byte[PartFormat.FrameBytes];
        PartFormat.Frame(frame, kind, isWorthIt, number, raw.Length, stored);
        _pending.Bytes(frame);
        Write(stored);
        return (offset, PartFormat.FrameBytes + stored.Length);
    }

    /// <summary>Everything written is durable after this.</summary>
    public void Complete()
    {
        Flush();
        file.Sync();
    }

    public void Dispose()
    {
        _values.Dispose();
        _index?.Dispose();
        file.Dispose();
    }

    private void Flush()
    {
        if (_pending.Length == 0)
            return;
        file.Append(_pending.Written);
        _appended += _pending.Length;
        _pending.Clear();
    }
}
