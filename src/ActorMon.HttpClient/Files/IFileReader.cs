namespace ActorMon.Http.Files;

/// <summary>
/// Access to secret, certificate and target files. Paths are absolute; links are followed. Failures are <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>, as System.IO throws them. Files are small, so calls are synchronous.
/// </summary>
public interface IFileReader
{
    /// <summary>Modification time and size of the file a path leads to now.</summary>
    FileStamp Stamp(string path);

    byte[] ReadAllBytes(string path);
}

/// <summary>Tells two states of a file apart, but for changes within one tick of the file system's clock.</summary>
public readonly record struct FileStamp(DateTimeOffset Modified, long Length);
