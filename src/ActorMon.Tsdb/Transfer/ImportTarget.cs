using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Transfer;

/// <summary>Either the target or why it cannot be used.</summary>
public readonly record struct ImportTargetResult(ImportTarget? Target, string? Error);

/// <summary>
/// The data directory of a node that is not running, held while samples are brought into it as parts: a part set of their own for each window of time, beside what is
/// there. Samples that are there already are the same samples, so an import may be repeated. Deletions of before do not hide what is imported.
/// </summary>
public sealed class ImportTarget : IDisposable
{
    private const long CacheBytes = 8 << 20;

    private readonly IStorageFiles _files;
    private readonly DataDirectory _directory;
    private readonly long[] _next;
    private readonly long[] _deletions;

    private ImportTarget(IStorageFiles files, DataDirectory directory)
    {
        _files = files;
        _directory = directory;
        _next = new long[directory.Partitions];
        _deletions = new long[directory.Partitions];
    }

    public int Partitions => _directory.Partitions;
    public Guid ClusterId => _directory.ClusterId;
    public string Path => _directory.Path;

    internal PartCache Cache { get; } = new(CacheBytes);

    /// <param name="files">The file system.</param>
    /// <param name="path">A node's directory, or a new or empty one, which then becomes one of a new cluster.</param>
    /// <param name="partitions">Null: as the directory has it, for a new one the default.</param>
    public static ImportTargetResult Open(IStorageFiles files, string path, int? partitions)
    {
        var found = DataDirectory.PartitionsOf(path, files);
        if (partitions is { } wanted && found is { } there && wanted != there)
            return new ImportTargetResult(null, $"{path} has {there} partitions, {wanted} are asked for; the number is fixed for a cluster's life");
        var opened = DataDirectory.Open(new DataDirectoryOptions { Path = path, Partitions = partitions ?? found ?? Placement.DefaultPartitions }, files);
        return opened.Directory is { } directory ? new ImportTargetResult(new ImportTarget(files, directory), null) : new ImportTargetResult(null, opened.Error);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Begins the part of one partition for a window.</summary>
    internal PartWriter Create(PartitionId partition, long windowStart, long windowEnd)
    {
        var folder = _directory.PartitionPath(partition);
        var parts = System.IO.Path.Combine(folder, "parts");
        if (_next[partition.Value] == 0)
            Prepare(partition, folder, parts);
        return PartWriter.Create(_files, parts, new PartHeader
        {
            ClusterId = ClusterId,
            Partitions = Partitions,
            Partition = partition,
            Sequence = _next[partition.Value]++,
            Level = 1,
            WindowStart = windowStart,
            WindowEnd = windowEnd,
            Replaces = [],
            CutTo = 0,
            CutSegment = 0,
            DeletionVersion = _deletions[partition.Value],
        });
    }

    private void Prepare(PartitionId partition, string folder, string parts)
    {
        if (!_files.DirectoryExists(parts))
        {
            _files.CreateDirectory(parts);
            _files.SyncDirectory(folder);
            _files.SyncDirectory(Path);
        }
        long next = 1;
        foreach (var name in _files.List(parts))
            if (PartFile.TryParseFileName(name, out var sequence))
                next = Math.Max(next, sequence + 1);
        _next[partition.Value] = next;
        var identity = new WalIdentity(ClusterId, Partitions, partition);
        _deletions[partition.Value] = new DeletionLogFile(_files, folder, identity).Load(System.IO.Path.Combine(folder, "quarantine")).Log.Version;
    }
}
