using System.Globalization;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Snapshots;

/// <summary>
/// A directory below <c>snapshots</c> of a data directory, laid out as one: a node that is started on a copy of it serves what was in it. Its meta file is written last; a
/// directory without one is a snapshot that was not finished.
/// </summary>
public sealed class SnapshotTarget
{
    public const string Folder = "snapshots";

    private readonly DataDirectory _source;
    private readonly IStorageFiles _files;

    private SnapshotTarget(DataDirectory source, IStorageFiles files, string name)
    {
        _source = source;
        _files = files;
        Name = name;
        Path = System.IO.Path.Combine(source.Path, Folder, name);
    }

    /// <summary>When it was taken and something random in hex: <c>20060102T150405Z-1f3a</c>.</summary>
    public string Name { get; }

    public string Path { get; }

    /// <exception cref="IOException">The directory cannot be created.</exception>
    public static SnapshotTarget Create(DataDirectory source, IStorageFiles files, DateTimeOffset now, long random)
    {
        var target = new SnapshotTarget(source, files, string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{random:x16}"));
        files.CreateDirectory(target.Path);
        files.SyncDirectory(System.IO.Path.Combine(source.Path, Folder));
        return target;
    }

    /// <summary>The folder of one partition.</summary>
    public string PartitionPath(Model.Sharding.PartitionId partition) => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(_source.PartitionPath(partition)));

    /// <summary>All partitions are written: from here on it is a data directory.</summary>
    public void Complete()
    {
        DataDirectory.WriteMeta(Path, _files, _source.ClusterId, _source.Partitions);
        _files.SyncDirectory(Path);
    }

    /// <summary>Gives back what was written of a snapshot that failed; a file that cannot be deleted stays.</summary>
    public void Discard()
    {
        foreach (var partition in _files.List(Path))
            foreach (var folder in new[] { "parts", "wal" })
                Empty(System.IO.Path.Combine(Path, partition, folder));
        Empty(Path);
    }

    private void Empty(string directory)
    {
        foreach (var name in _files.List(directory))
        {
            var path = System.IO.Path.Combine(directory, name);
            try
            {
                if (_files.FileExists(path))
                    _files.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The snapshot has failed already, and says why.
            }
        }
    }
}
