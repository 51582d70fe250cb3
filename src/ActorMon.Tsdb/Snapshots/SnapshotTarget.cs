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

    private const string NameFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string NameTime = "20060102T150405Z";

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
        var target = new SnapshotTarget(source, files, $"{now.UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture)}-{random.ToString("x16", CultureInfo.InvariantCulture)}");
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

    /// <summary>Gives back what was written of a snapshot that failed; a file that cannot be deleted stays, and the next start tries again.</summary>
    public void Discard() => TryRemove(_files, Path);

    /// <summary>
    /// At start, when no snapshot can be under way: what a process left of one when it ended in the middle of it goes. Snapshots that are complete and whatever else lies
    /// there stay.
    /// </summary>
    /// <returns>The names of those that were found.</returns>
    public static IReadOnlyList<string> RemoveUnfinished(DataDirectory source, IStorageFiles files)
    {
        var unfinished = new List<string>();
        var folder = System.IO.Path.Combine(source.Path, Folder);
        foreach (var name in files.List(folder))
        {
            var path = System.IO.Path.Combine(folder, name);
            if (!IsName(name) || !files.DirectoryExists(path) || files.FileExists(System.IO.Path.Combine(path, DataDirectory.MetaFile)))
                continue;
            unfinished.Add(name);
            TryRemove(files, path);
        }
        return unfinished;
    }

    private static bool IsName(string name) =>
        name.Length > NameTime.Length + 1 && name[NameTime.Length] == '-'
        && DateTime.TryParseExact(name[..NameTime.Length], NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && ulong.TryParse(name.AsSpan(NameTime.Length + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private static void TryRemove(IStorageFiles files, string directory)
    {
        try
        {
            Remove(files, directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs space, nothing else.
        }
    }

    private static void Remove(IStorageFiles files, string directory)
    {
        foreach (var name in files.List(directory))
        {
            var path = System.IO.Path.Combine(directory, name);
            if (files.DirectoryExists(path))
                Remove(files, path);
            else
                files.Delete(path);
        }
        files.DeleteDirectory(directory);
    }
}
