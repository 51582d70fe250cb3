namespace ActorMon.Tsdb.Storage;

/// <summary>
/// The file operations the engine needs, so that tests can fail and kill at each. Paths are absolute or relative as the directory given was. Failures are
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>. A rename replaces the target and, like a creation, is durable after <see cref="SyncDirectory"/>.
/// </summary>
public interface IStorageFiles
{
    bool FileExists(string path);
    bool DirectoryExists(string path);

    /// <summary>Creates a directory and its parents; existing ones are left as they are.</summary>
    void CreateDirectory(string path);

    /// <summary>Names (not paths) of files and directories in a directory, sorted by ordinal; empty when it does not exist.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Creates a file that must not exist, for appending.</summary>
    IStorageFile Create(string path);

    /// <summary>Opens an existing file for reading, and for <see cref="IStorageFile.Truncate"/> when <paramref name="writable"/>.</summary>
    IStorageFile Open(string path, bool writable);

    void Rename(string from, string to);
    void Delete(string path);

    /// <summary>Gives a directory another name in the same place, which must not exist. Durable after <see cref="SyncDirectory"/> of its parent.</summary>
    void MoveDirectory(string from, string to);

    /// <summary>Deletes a directory that is empty.</summary>
    void DeleteDirectory(string path);

    /// <summary>Gives a file that changes no more a second name, which must not exist; false: it cannot be had here, the caller copies. Durable after <see cref="SyncDirectory"/>.</summary>
    bool TryLink(string path, string link) => false;

    void SyncDirectory(string directory);

    /// <summary>Takes a lock that ends with the process or the handle and writes the text into the file <c>path.owner</c>; null when another holder has it.</summary>
    IDisposable? TryLock(string path, string text);
}

/// <summary>One open file. <see cref="Append"/> is for one thread; <see cref="Sync"/> may run beside it.</summary>
public interface IStorageFile : IDisposable
{
    long Length { get; }

    /// <summary>Writes at the end, wholly or with an exception (then a part may be there).</summary>
    void Append(ReadOnlySpan<byte> data);

    /// <summary>Reads from an offset; returns the bytes read, less than asked for only at the end.</summary>
    int Read(long offset, Span<byte> into);

    /// <summary>Makes everything appended before durable.</summary>
    void Sync();

    void Truncate(long length);
}
