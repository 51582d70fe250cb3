using System.Globalization;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Transfer;

/// <summary>A part file that was found: open, or what is wrong with it.</summary>
public sealed record NodePart(string Name, PartitionId Partition, PartFile? File, string? Problem);

/// <summary>Either the reader or why the directory cannot be read.</summary>
public readonly record struct NodeReaderResult(NodeReader? Reader, string? Error);

/// <summary>
/// The data directory of a node that is not running, read as the node would: parts, deletions and what is only in the logs. Nothing on disk changes by a byte; whatever
/// opening would repair is repaired in memory alone. One thread.
/// </summary>
public sealed class NodeReader : IDisposable
{
    private const long CacheBytes = 32 << 20;

    private readonly OverlayFiles _files;
    private readonly DataDirectory _directory;
    private readonly IDisposable? _held;
    private readonly TimeProvider _time;
    private readonly PartCache _cache = new(CacheBytes);
    private readonly Dictionary<int, PartitionStore> _stores = [];
    private readonly List<NodePart> _opened = [];

    private NodeReader(OverlayFiles files, DataDirectory directory, IDisposable? held, TimeProvider time)
    {
        _files = files;
        _directory = directory;
        _held = held;
        _time = time;
    }

    public int Partitions => _directory.Partitions;

    /// <summary>True when the directory has a node's meta file.</summary>
    public static bool IsNodeDirectory(IStorageFiles files, string path) => files.FileExists(Path.Combine(path, DataDirectory.MetaFile));

    /// <param name="path">The data directory.</param>
    /// <param name="disk">Where it lies; only asked for reading.</param>
    /// <param name="held">The lock that keeps a node from starting meanwhile; the reader's from here on.</param>
    /// <param name="time">For what recovery notes.</param>
    public static NodeReaderResult Open(string path, IStorageFiles disk, IDisposable? held, TimeProvider time)
    {
        var files = new OverlayFiles(disk);
        if (DataDirectory.PartitionsOf(path, disk) is not { } partitions)
        {
            held?.Dispose();
            return new NodeReaderResult(null, $"{path} is no data directory of a node: its {DataDirectory.MetaFile} cannot be read");
        }
        var opened = DataDirectory.Open(new DataDirectoryOptions { Path = path, Partitions = partitions }, files);
        if (opened.Directory is { } directory)
            return new NodeReaderResult(new NodeReader(files, directory, held, time), null);
        held?.Dispose();
        return new NodeReaderResult(null, opened.Error);
    }

    /// <summary>The part files in force, by partition, then time; damaged ones with what is wrong. Open until the reader is disposed.</summary>
    public IReadOnlyList<NodePart> Parts()
    {
        if (_opened.Count > 0)
            return _opened;
        for (var i = 0; i < Partitions; i++)
            _opened.AddRange(PartsOf(new PartitionId(i)));
        return _opened;
    }

    /// <summary>
    /// The series that match any of the sets and have samples in the range, both times included. Reads the logs of all partitions into memory.
    /// </summary>
    public ISeriesCursor Select(IReadOnlyList<IReadOnlyList<Matcher>> sets, long min, long max)
    {
        var cursors = new List<ISeriesCursor>();
        for (var i = 0; i < Partitions; i++)
        {
            var partition = new PartitionId(i);
            if (!_files.DirectoryExists(_directory.PartitionPath(partition)))
                continue;
            foreach (var set in sets)
                cursors.Add(new SelectionCursor(Store(partition).View.Select(new SeriesRequest(set, new TimestampMs(min), new TimestampMs(max)))));
        }
        return new MergingCursor(cursors);
    }

    /// <summary>What opening a partition found: damage, and how much is only in its log.</summary>
    public Wal.RecoveryReport Recover(PartitionId partition) => Store(partition).Recovery;

    /// <summary>Whether the partition has anything on disk.</summary>
    public bool Has(PartitionId partition) => _files.DirectoryExists(_directory.PartitionPath(partition));

    public void Dispose()
    {
        foreach (var store in _stores.Values)
            store.Dispose();
        foreach (var part in _opened)
            part.File?.Dispose();
        _directory.Dispose();
        _files.Dispose();
        _held?.Dispose();
    }

    private PartitionStore Store(PartitionId partition)
    {
        if (_stores.TryGetValue(partition.Value, out var store))
            return store;
        var options = new PartitionOptions
        {
            Directory = _directory.PartitionPath(partition),
            Partition = partition,
            Partitions = Partitions,
            ClusterId = _directory.ClusterId,
            PartCache = _cache,
            NodeRetention = new NodeRetention(new RetentionPolicy(null)),
        };
        return _stores[partition.Value] = PartitionStore.Open(options, new NodeSymbols(), _files, _time);
    }

    private List<NodePart> PartsOf(PartitionId partition)
    {
        var folder = _directory.PartitionPath(partition);
        var directory = Path.Combine(folder, "parts");
        var found = new List<NodePart>();
        foreach (var name in _files.List(directory))
        {
            if (!PartFile.TryParseFileName(name, out var sequence))
                continue;
            var shown = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder)}/{sequence:D10}");
            try
            {
                var file = PartFile.Open(_files, Path.Combine(directory, name), new Wal.WalIdentity(_directory.ClusterId, Partitions, partition), _cache);
                found.Add(new NodePart(shown, partition, file, null));
            }
            catch (PartDamagedException e)
            {
                found.Add(new NodePart(shown, partition, null, e.Damage));
            }
        }
        // What a merged part holds is deleted at the node's next start.
        var replaced = found.SelectMany(p => p.File?.Header.Replaces.Where(r => r < p.File.Header.Sequence) ?? []).ToHashSet();
        foreach (var part in found)
            if (part.File is { } file && replaced.Contains(file.Header.Sequence))
                file.Dispose();
        return [.. found.Where(p => p.File is not { } file || !replaced.Contains(file.Header.Sequence)).OrderBy(p => p.File?.MinTime ?? long.MinValue)];
    }
}
