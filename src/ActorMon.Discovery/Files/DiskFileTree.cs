namespace ActorMon.Discovery.Files;

/// <summary>The machine's files.</summary>
public sealed class DiskFileTree : IFileTree
{
    public static readonly DiskFileTree Instance = new();

    private DiskFileTree() { }

    public IReadOnlyList<string> List(string directory)
    {
        var names = new List<string>();
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(directory))
                names.Add(Path.GetFileName(path));
        }
        catch (DirectoryNotFoundException)
        {
            // A directory that is not there yet holds no files.
        }
        return names;
    }

    public bool Exists(string path) => Path.Exists(path);

    public (byte[] Text, DateTimeOffset Modified) Read(string path, long maxBytes)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(handle));
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (stream.CanSeek && stream.Length > maxBytes)
            throw TooLong(path, maxBytes);
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (text.Length + read > maxBytes)
                throw TooLong(path, maxBytes);
            text.Write(buffer, 0, read);
        }
        return (text.ToArray(), modified);
    }

    private static IOException TooLong(string path, long maxBytes) => new($"{path} is longer than {maxBytes} bytes, the limit of a target file");
}
