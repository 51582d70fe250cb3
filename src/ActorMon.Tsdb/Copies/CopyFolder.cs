using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Copies;

/// <summary>The folder of a copy that is given up: renamed in one step, then emptied, so that a half-deleted copy is never found under its name.</summary>
public static class CopyFolder
{
    private const string Aside = ".dropped";

    /// <summary>Deletes a partition's folder, and what an earlier attempt has left of it. Nobody may have it open.</summary>
    /// <exception cref="IOException">The disk refused; the next attempt goes on.</exception>
    public static void Drop(IStorageFiles files, string partition)
    {
        var aside = partition + Aside;
        if (files.DirectoryExists(aside))
            Delete(files, aside);
        if (!files.DirectoryExists(partition))
            return;
        files.MoveDirectory(partition, aside);
        files.SyncDirectory(Path.GetDirectoryName(partition)!);
        Delete(files, aside);
    }

    private static void Delete(IStorageFiles files, string directory)
    {
        foreach (var name in files.List(directory))
        {
            var path = Path.Combine(directory, name);
            if (files.DirectoryExists(path))
                Delete(files, path);
            else
                files.Delete(path);
        }
        files.DeleteDirectory(directory);
    }
}
