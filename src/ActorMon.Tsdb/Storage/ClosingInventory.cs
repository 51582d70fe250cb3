using System.Globalization;
using System.Text;

namespace ActorMon.Tsdb.Storage;

/// <summary>
/// What a partition's directory held when it was closed in order: <c>closed</c>, one path a line below the directory, at the end the checksum of the lines before. It counts for one opening: read and
/// deleted before anything else is touched. So a part or a segment of the log that somebody took away meanwhile is missed; after a crash there is none, and nothing is said.
/// </summary>
internal static class ClosingInventory
{
    public const string Name = "closed";
    private const string Temporary = Name + ".tmp";
    private const int MaxBytes = 16 << 20;

    /// <param name="folders">Folders below the partition whose files are noted.</param>
    public static void Write(IStorageFiles files, string partition, IEnumerable<string> folders)
    {
        var text = new StringBuilder();
        foreach (var folder in folders)
            foreach (var name in files.List(Path.Combine(partition, folder)))
                text.Append(folder).Append('/').Append(name).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{Crc32C.Of(Encoding.UTF8.GetBytes(text.ToString())):x8}\n");
        var temporary = Path.Combine(partition, Temporary);
        try
        {
            if (files.FileExists(temporary))
                files.Delete(temporary);
            using (var file = files.Create(temporary))
            {
                file.Append(Encoding.UTF8.GetBytes(text.ToString()));
                file.Sync();
            }
            files.Rename(temporary, Path.Combine(partition, Name));
            files.SyncDirectory(partition);
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
        var (path, temporary) = (Path.Combine(partition, Name), Path.Combine(partition, Temporary));
        // Left by a crash in the middle of a closing.
        if (files.FileExists(temporary))
            files.Delete(temporary);
        if (!files.FileExists(path))
            return [];
        var noted = Read(files, path);
        files.Delete(path);
        files.SyncDirectory(partition);
        return [.. noted.Where(name => !files.FileExists(Path.Combine(partition, name.Replace('/', Path.DirectorySeparatorChar))))];
    }

    private static string[] Read(IStorageFiles files, string path)
    {
        byte[] bytes;
        using (var file = files.Open(path, writable: false))
        {
            if (file.Length > MaxBytes)
                return [];
            bytes = new byte[file.Length];
            bytes = bytes[..file.Read(0, bytes)];
        }
        const int ChecksumLine = 9;
        var end = bytes.Length - ChecksumLine;
        if (end < 0 || Encoding.UTF8.GetString(bytes.AsSpan(end)) != string.Create(CultureInfo.InvariantCulture, $"{Crc32C.Of(bytes.AsSpan(0, end)):x8}\n"))
            return [];
        return Encoding.UTF8.GetString(bytes.AsSpan(0, end)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
