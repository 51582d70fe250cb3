namespace ActorMon.Tsdb.Storage;

/// <summary>Finds out whether a directory can be written to: what opened for reading may lie on a disk that is full or was remounted read-only.</summary>
public static class WriteProbe
{
    private const string Name = "write-probe.tmp";

    /// <summary>As much as a log needs for its next segment and a good many batches; a disk with less room would be full again at once.</summary>
    private const int Bytes = 256 * 1024;

    /// <summary>Writes, syncs and deletes a file.</summary>
    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static void Run(IStorageFiles files, string directory)
    {
        var path = Path.Combine(directory, Name);
        if (files.FileExists(path))
            files.Delete(path);
        try
        {
            using var file = files.Create(path);
            file.Append(new byte[Bytes]);
            file.Sync();
        }
        finally
        {
            if (files.FileExists(path))
                files.Delete(path);
        }
    }
}
