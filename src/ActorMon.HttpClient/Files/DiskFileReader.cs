namespace ActorMon.Http.Files;

/// <summary>The machine's files.</summary>
public sealed class DiskFileReader : IFileReader
{
    public static readonly DiskFileReader Instance = new();

    private DiskFileReader() { }

    /// <remarks>Through a handle: a path's own attributes are those of a link, and mounted secrets are links whose target changes.</remarks>
    public FileStamp Stamp(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new FileStamp(new DateTimeOffset(File.GetLastWriteTimeUtc(handle)), RandomAccess.GetLength(handle));
    }

    public byte[] ReadAllBytes(string path) => File.ReadAllBytes(path);
}
