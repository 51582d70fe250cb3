using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// One part, open for reading by any thread. Its header and directory are in memory, pages come through the node's <see cref="PartCache"/>. The file's handle and name
/// live until the owner (<see cref="Dispose"/> or <see cref="Retire"/>) and the last reference have let go.
/// <para>Damage met later: a page of the index ends the call with <see cref="PartDamagedException"/>; a page of samples is left out of what <see cref="Read"/> gives
/// and reported by <see cref="Damages"/>, so that one flipped bit costs one page.</para>
/// </summary>
public sealed partial class PartFile : IDisposable
{
    private readonly IStorageFiles _files;
    private readonly IStorageFile _file;
    private readonly PartCache _cache;
    private readonly PartDirectory _directory;
    private readonly int _id;
    private int _references = 1;
    private bool _isReleasedByOwner;
    private bool _isRetired;

    private PartFile(IStorageFiles files, IStorageFile file, string path, PartHeader header, PartDirectory directory, PartCache cache)
    {
        _files = files;
        _file = file;
        _cache = cache;
        _directory = directory;
        _id = PartCache.NextFile();
        Path = path;
        Header = header;
        Bytes = file.Length;
    }

    public string Path { get; }

    public PartHeader Header { get; }

    /// <summary>ms of the oldest and the newest sample.</summary>
    public long MinTime => _directory.MinTime;
    public long MaxTime => _directory.MaxTime;

    public long Samples => _directory.Samples;

    public int SeriesCount => _directory.SeriesCount;

    /// <summary>Of its content, by windows and buckets, noted when it was written; a window without samples is not known. Empty: none are noted.</summary>
    internal ImmutableArray<WindowDigest> Digests => ImmutableCollectionsMarshal.AsImmutableArray(_directory.Digests);

    /// <summary>Size of the file.</summary>
    public long Bytes { get; }

    /// <summary>The file's name, <c>0000000001.part</c>.</summary>
    public static string FileName(long sequence) => PartFormat.Name(sequence);

    public static bool TryParseFileName(string name, out long sequence) => PartFormat.TryParseName(name, out sequence);

    /// <summary>Opens a part: header, trailer and directory are read and checked, nothing else.</summary>
    /// <param name="identity">Whose part it must be; null takes any.</param>
    /// <exception cref="PartDamagedException">Damage, another format version, or another identity.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PartFile Open(IStorageFiles files, string path, WalIdentity? identity, PartCache cache)
    {
        var file = files.Open(path, writable: false);
        try
        {
            var header = ReadHeader(file, path, out var checksum);
            if (identity is not null)
                CheckIdentity(header, identity, path);
            return new PartFile(files, file, path, header, ReadDirectory(file, path, checksum), cache);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Keeps handle and file until <see cref="Release"/>; only while the caller knows that someone else holds it.</summary>
    public void AddReference()
    {
        if (Interlocked.Increment(ref _references) <= 1)
            throw new ObjectDisposedException(Path);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        _file.Dispose();
        _cache.Forget(_id, _directory.Pages.Length);
        if (!Volatile.Read(ref _isRetired))
            return;
        try
        {
            _files.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another part holds what was in it: the next start deletes it.
        }
    }

    /// <summary>The owner lets go and the file's name goes with the last reference: its content is elsewhere, or beyond retention.</summary>
    public void Retire()
    {
        Volatile.Write(ref _isRetired, true);
        Dispose();
    }

    /// <summary>The owner lets go; the file stays.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleasedByOwner, true))
            return;
        Release();
    }

    /// <summary>The file's bytes as they are; less than asked for only at the end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal int ReadRaw(long offset, Span<byte> into) => _file.Read(offset, into);

    public override string ToString() => Path;

    private static PartHeader ReadHeader(IStorageFile file, string path, out uint checksum)
    {
        Span<byte> start = stackalloc byte[1024];
        start = start[..file.Read(0, start)];
        if (PartFormat.HeaderLength(start, out var length) is { } problem)
            PartDamagedException.Throw(path, problem);
        if (length > start.Length)
        {
            start = new byte[length];
            if (file.Read(0, start) < length)
                PartDamagedException.Throw(path, "the header is cut off");
        }
        start = start[..length];
        checksum = PartFormat.ChecksumOf(start);
        if (PartFormat.ReadHeader(start, out var header) is { } wrong)
            PartDamagedException.Throw(path, wrong);
        return header!;
    }

    private static void CheckIdentity(PartHeader header, WalIdentity identity, string path)
    {
        if (header.ClusterId != identity.ClusterId)
            PartDamagedException.Throw(path, $"it belongs to cluster {header.ClusterId}, not to {identity.ClusterId}");
        if (header.Partitions != identity.Partitions || header.Partition != identity.Partition)
            PartDamagedException.Throw(path, $"it belongs to partition {header.Partition} of {header.Partitions}, not to {identity.Partition} of {identity.Partitions}");
    }

    private static PartDirectory ReadDirectory(IStorageFile file, string path, uint headerChecksum)
    {
        Span<byte> trailer = stackalloc byte[PartFormat.TrailerBytes];
        var end = file.Length - trailer.Length;
        if (end < 0 || file.Read(end, trailer) < trailer.Length)
            PartDamagedException.Throw(path, "it is too short for a trailer");
        if (PartFormat.ReadTrailer(trailer, headerChecksum, out var offset, out var length) is { } problem)
            PartDamagedException.Throw(path, problem);
        if (offset < 0 || length is < PartFormat.FrameBytes or > PartFormat.MaxPageBytes || offset + length != end)
            PartDamagedException.Throw(path, "the trailer's directory lies elsewhere than before it");
        var bytes = new byte[length];
        if (file.Read(offset, bytes) < length)
            PartDamagedException.Throw(path, "the directory is cut off");
        var raw = PartFormat.Unframe(bytes, PageKind.Directory, null, out var damage);
        if (raw is null)
            PartDamagedException.Throw(path, $"the directory at {offset} {damage}");
        var directory = PartDirectory.Read(raw, offset);
        if (directory is null)
            PartDamagedException.Throw(path, $"the directory at {offset} contradicts itself");
        return directory;
    }

    /// <summary>A page's bytes and padding, through the cache; null when it is damaged.</summary>
    private byte[]? TryPage(int number, PageKind kind)
    {
        if (_cache.Find(_id, number) is byte[] cached)
            return cached;
        var raw = ReadPage(number, kind, out var damage);
        if (raw is null)
            Note(number, damage!);
        else
            _cache.Keep(_id, number, raw, raw.Length + 64);
        return raw;
    }

    private SymbolsPage Symbols(int page)
    {
        var number = _directory.FirstSymbolsPage + page;
        if (_cache.Find(_id, number) is SymbolsPage cached)
            return cached;
        var raw = ReadPage(number, PageKind.Symbols, out var damage);
        var symbols = raw is null ? null : SymbolsPage.Read(raw, Math.Min(PartFormat.SymbolsPerPage, _directory.SymbolCount - page * PartFormat.SymbolsPerPage));
        if (symbols is null)
            ThrowPage(number, damage);
        _cache.Keep(_id, number, symbols, symbols.Bytes);
        return symbols;
    }

    private SeriesPage SeriesOf(int id)
    {
        if ((uint)id >= (uint)SeriesCount)
            ThrowId(id);
        var page = id / PartFormat.SeriesPerPage;
        var number = _directory.FirstSeriesPage + page;
        if (_cache.Find(_id, number) is SeriesPage cached)
            return cached;
        var raw = ReadPage(number, PageKind.Series, out var damage);
        var series = raw is null ? null : SeriesPage.Read(raw, Math.Min(PartFormat.SeriesPerPage, SeriesCount - page * PartFormat.SeriesPerPage), _directory.SymbolCount);
        if (series is null)
            ThrowPage(number, damage);
        _cache.Keep(_id, number, series, series.Bytes);
        return series;
    }

    /// <summary>Reads and checks a page; null and what is wrong with it.</summary>
    private byte[]? ReadPage(int number, PageKind kind, out string? damage)
    {
        damage = "does not exist";
        if ((uint)number >= (uint)_directory.Pages.Length)
            return null;
        ref readonly var page = ref _directory.Pages[number];
        damage = "is of another kind";
        if (page.Kind != kind)
            return null;
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(page.Length);
        try
        {
            var read = _file.Read(page.Offset, rented.AsSpan(0, page.Length));
            return PartFormat.Unframe(rented.AsSpan(0, read), kind, number, out damage);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private string Describe(int number, string damage)
    {
        if ((uint)number >= (uint)_directory.Pages.Length)
            return $"page {number} {damage}";
        var page = _directory.Pages[number];
        return $"page {number} ({page.Kind}) at {page.Offset} {damage}";
    }

    [DoesNotReturn]
    private void ThrowPage(int number, string? damage)
    {
        Note(number, damage ?? "contradicts itself");
        throw new PartDamagedException(Path, Describe(number, damage ?? "contradicts itself"));
    }

    [DoesNotReturn]
    private void ThrowId(int id) => throw new ArgumentOutOfRangeException(nameof(id), id, $"part {Path} has series 0 to {SeriesCount - 1}");
}
