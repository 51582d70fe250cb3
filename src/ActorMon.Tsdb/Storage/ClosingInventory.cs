namespace ActorMon.Tsdb.Storage;

/// <summary>
/// What a partition's directory held when it was closed in order: <c>closed</c>, one path a line below the directory. It counts for one opening: read and
/// deleted before anything else is touched. So a segment of the log that somebody took away meanwhile is missed; after a crash there is none.
/// Parts have <see cref="Lifecycle.PartInventory"/>, which outlives crashes.
/// </summary>
internal static class ClosingInventory
{
    public const string Name = "closed";

    /// <param name="folders">Folders below the partition whose files are noted.</param>
    public static void Write(IStorageFiles files, string partition, IEnumerable<string> folders)
    {
        try
        {
            var noted = new List<string>();
            foreach (var folder in folders)
                noted.AddRange(files.List(Path.Combine(partition, folder)).Select(name => $"{folder}/{name}"));
            FileInventory.Write(files, Path.Combine(partition, Name), noted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next opening knows less; nothing depends on it.
        }
    }

    /// <summary>The files that are gone since the directory was closed; none when that is not known.</summary>
    /// <exception cref="IOException">The inventory cannot be deleted, so it would be taken for a later closing's.</exception>
    public static IReadOnlyList<string> TakeMissing(IStorageFiles files, string partition)
    {
        var path = Path.Combine(partition, Name);
        FileInventory.ClearUp(files, path);
        if (!files.FileExists(path))
            return [];
        var noted = FileInventory.Read(files, path) ?? [];
        files.Delete(path);
        files.SyncDirectory(partition);
        return [.. noted.Where(name => !files.FileExists(Path.Combine(partition, name.Replace('/', Path.DirectorySeparatorChar))))];
    }
}
