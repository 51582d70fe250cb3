namespace ActorMon.Discovery.Files;

/// <summary>The files that file discovery reads. Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
public interface IFileTree
{
    /// <summary>Names (not paths) of the files in a directory; none when it does not exist.</summary>
    IReadOnlyList<string> List(string directory);

    bool Exists(string path);

    /// <param name="maxBytes">A longer file is an <see cref="IOException"/>.</param>
    (byte[] Text, DateTimeOffset Modified) Read(string path, long maxBytes);
}

/// <summary>Tells when something in a directory changes.</summary>
public interface IDirectoryWatch
{
    /// <param name="changed">A file appeared, changed, was renamed or vanished; may be called often and from any thread.</param>
    /// <param name="failed">Events may have been lost; called with the reason.</param>
    /// <exception cref="IOException">The directory cannot be watched, for one because it does not exist.</exception>
    IDisposable Start(string directory, Action changed, Action<string> failed);
}
