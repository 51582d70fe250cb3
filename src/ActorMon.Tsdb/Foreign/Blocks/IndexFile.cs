using System.Buffers.Binary;
using ActorMon.Model.Labels;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>A chunk as the index names it: times of its first and last sample, and where it lies (number of the file in the upper half, place in it in the lower).</summary>
internal readonly record struct ChunkPlace(long MinTime, long MaxTime, ulong Reference);

/// <summary>
/// A block's file <c>index</c>, versions 1 to 3, read from the first series to the last. Symbols are held in memory, series pass by one at a time; the postings are
/// not needed. Every part that is read is checked against its checksum.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    public const string FileName = "index";

    private const uint Magic = 0xBAAAD700;
    private const int HeaderBytes = 5;
    private const int SectionReferences = 6;
    private const int TocBytes = SectionReferences * 8 + CrcBytes;
    private const int CrcBytes = 4;
    private const int SeriesAlignment = 16;
    private const int MaxVarintBytes = 10;

    private readonly FileWindow _window;
    private readonly SymbolTable _symbols;
    private readonly LabelSetBuilder _builder = new();
    private readonly List<Label> _labels = [];
    private readonly long _seriesStart;
    private readonly long _seriesEnd;
    private long _at;

    private IndexFile(FileWindow window, int version, SymbolTable symbols, long seriesStart, long seriesEnd)
    {
        _window = window;
        Version = version;
        _symbols = symbols;
        _seriesStart = _at = seriesStart;
        _seriesEnd = seriesEnd;
    }

    public int Version { get; }

    /// <summary>What tombstones call the series that <see cref="Next"/> stands on.</summary>
    public ulong SeriesReference { get; private set; }

    public LabelSet Labels { get; private set; } = LabelSet.Empty;

    public List<ChunkPlace> Chunks { get; } = [];

    /// <param name="files">Only asked for reading.</param>
    /// <param name="block">The block's directory.</param>
    /// <param name="mislabelled">The file says version 1 and is 2.</param>
    /// <exception cref="ForeignDataException">It is damaged or of an unknown version.</exception>
    public static IndexFile Open(IStorageFiles files, string block, bool mislabelled)
    {
        var window = new FileWindow(files.Open(Path.Combine(block, FileName), writable: false), FileName);
        try
        {
            return Open(window, mislabelled);
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    /// <summary>Back to before the first series.</summary>
    public void Rewind() => _at = _seriesStart;

    /// <summary>Moves to the next series; false behind the last.</summary>
    /// <exception cref="ForeignDataException">It is damaged; nothing behind it can be found.</exception>
    public bool Next()
    {
        SkipPadding();
        if (_at >= _seriesEnd)
            return false;
        var start = _at;
        try
        {
            ReadSeries(start);
        }
        catch (ForeignDataException e)
        {
            _at = _seriesEnd;
            throw ForeignDataException.At($"{FileName}: series at {start}", e);
        }
        return true;
    }

    public void Dispose() => _window.Dispose();

    private static IndexFile Open(FileWindow window, bool mislabelled)
    {
        if (window.Length < HeaderBytes + TocBytes)
            throw new ForeignDataException($"{FileName}: {window.Length} bytes are no index");
        var header = window.Get(0, HeaderBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(header) != Magic)
            throw new ForeignDataException($"{FileName}: it does not start as an index does");
        int version = header[4];
        if (mislabelled)
            version = 2;
        if (version is not (1 or 2 or 3))
            throw new ForeignDataException($"{FileName}: version {version} is unknown");
        Span<long> sections = stackalloc long[SectionReferences];
        ReadToc(window, sections);
        var symbols = ReadSymbols(window, sections[0], version);
        // Whatever begins next ends the series: not every version has every section.
        var (start, end) = (sections[1], window.Length - TocBytes);
        foreach (var section in sections)
            if (section > start)
                end = Math.Min(end, section);
        return new IndexFile(window, version, symbols, start == 0 ? end : start, end);
    }

    private static void ReadToc(FileWindow window, Span<long> sections)
    {
        var toc = window.Get(window.Length - TocBytes, TocBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(toc[^CrcBytes..]) != Crc32C.Of(toc[..^CrcBytes]))
            throw new ForeignDataException($"{FileName}: the checksum of its table of contents is wrong");
        for (var i = 0; i < sections.Length; i++)
        {
            sections[i] = BinaryPrimitives.ReadInt64BigEndian(toc[(i * 8)..]);
            if (sections[i] < 0 || sections[i] > window.Length - TocBytes)
                throw new ForeignDataException($"{FileName}: section {i} at {sections[i]} lies outside");
        }
    }

    private static SymbolTable ReadSymbols(FileWindow window, long start, int version)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(window.Get(start, 4));
        if (length < 0)
            throw new ForeignDataException($"{FileName}: symbols of {(uint)length} bytes");
        var section = window.Get(start + 4, length).ToArray();
        if (BinaryPrimitives.ReadUInt32BigEndian(window.Get(start + 4 + length, CrcBytes)) != Crc32C.Of(section))
            throw new ForeignDataException($"{FileName}: the checksum of its symbols is wrong");
        try
        {
            return new SymbolTable(section, start + 4, byOffset: version == 1);
        }
        catch (ForeignDataException e)
        {
            throw ForeignDataException.At($"{FileName}: symbols", e);
        }
    }

    /// <summary>Zeros stand between entries; no entry begins with one.</summary>
    private void SkipPadding()
    {
        while (_at < _seriesEnd)
        {
            var bytes = _window.GetUpTo(_at, (int)Math.Min(SeriesAlignment, _seriesEnd - _at));
            var zeros = bytes.IndexOfAnyExcept((byte)0);
            if (zeros >= 0)
            {
                _at += zeros;
                return;
            }
            _at += bytes.Length;
        }
    }

    private void ReadSeries(long start)
    {
        var used = ByteCursor.TryUvarint(_window.GetUpTo(start, MaxVarintBytes), out var length);
        if (used <= 0 || length > (ulong)(_seriesEnd - start))
            throw new ForeignDataException("its length is impossible");
        if (Version > 1 && start % SeriesAlignment != 0)
            throw new ForeignDataException($"it does not begin at a multiple of {SeriesAlignment}");
        var entry = _window.Get(start + used, (int)length + CrcBytes);
        var body = entry[..^CrcBytes];
        if (BinaryPrimitives.ReadUInt32BigEndian(entry[^CrcBytes..]) != Crc32C.Of(body))
            throw new ForeignDataException("the checksum is wrong");
        _at = start + used + entry.Length;
        SeriesReference = (ulong)(Version > 1 ? start / SeriesAlignment : start);
        var cursor = new ByteCursor(body);
        Labels = ReadLabels(ref cursor);
        ReadChunks(ref cursor);
    }

    private LabelSet ReadLabels(ref ByteCursor cursor)
    {
        _labels.Clear();
        var sorted = true;
        for (var left = cursor.Count(2); left > 0; left--)
        {
            var name = _symbols.Text(cursor.Uvarint());
            var label = new Label(name, _symbols.Text(cursor.Uvarint()));
            sorted &= label.Value.Length > 0 && (_labels.Count == 0 || Model.Text.ByteText.Compare(_labels[^1].Name, name) < 0);
            _labels.Add(label);
        }
        if (sorted)
            return LabelSet.FromSortedUnchecked([.. _labels]);
        _builder.Reset();
        foreach (var label in _labels)
            _builder.Set(label.Name, label.Value);
        return _builder.Build();
    }

    private void ReadChunks(ref ByteCursor cursor)
    {
        Chunks.Clear();
        long time = 0, reference = 0;
        for (var left = cursor.Count(3); left > 0; left--)
        {
            var first = Chunks.Count == 0;
            var min = first ? cursor.Varint() : time + (long)cursor.Uvarint();
            time = min + (long)cursor.Uvarint();
            reference = first ? (long)cursor.Uvarint() : reference + cursor.Varint();
            Chunks.Add(new ChunkPlace(min, time, (ulong)reference));
        }
    }
}
