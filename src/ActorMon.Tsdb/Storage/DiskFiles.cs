using Microsoft.Win32.SafeHandles;

namespace ActorMon.Tsdb.Storage;

/// <summary>The machine's file system.</summary>
public sealed class DiskFiles : IStorageFiles
{
    public static readonly DiskFiles Instance = new();

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        if (!Directory.Exists(directory))
            return [];
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
            names.Add(Path.GetFileName(path));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public IStorageFile Create(string path) => new DiskFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));

    public IStorageFile Open(string path, bool writable) =>
        new DiskFile(File.OpenHandle(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read, writable ? FileShare.Read : FileShare.ReadWrite));

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void MoveDirectory(string from, string to) => Directory.Move(from, to);

    public void DeleteDirectory(string path) => Directory.Delete(path);

    public bool TryLink(string path, string link) => !OperatingSystem.IsWindows() && PosixDirectory.TryLink(path, link);

    public void SyncDirectory(string directory)
    {
        // Windows has no handle of a directory to flush, and journals its names.
        if (OperatingSystem.IsWindows())
            return;
        PosixDirectory.Sync(directory);
    }

    public IDisposable? TryLock(string path, string text)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        // Beside the lock file: .NET takes a shared lock to read a file, so the locked one cannot be read.
        File.WriteAllText(path + ".owner", text);
        return stream;
    }

    /// <summary>
    /// Holds a lock file that is there without changing it, so that its owner does not start meanwhile; null when its owner runs. Nothing to hold when there is none.
    /// </summary>
    public static IDisposable? TryHold(string path)
    {
        if (!File.Exists(path))
            return Stream.Null;
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class DiskFile(SafeFileHandle handle) : IStorageFile
    {
        private long _length = RandomAccess.GetLength(handle);

        public long Length => _length;

        public void Append(ReadOnlySpan<byte> data)
        {
            RandomAccess.Write(handle, data, _length);
            _length += data.Length;
        }

        public int Read(long offset, Span<byte> into)
        {
            var total = 0;
            while (total < into.Length)
            {
                var read = RandomAccess.Read(handle, into[total..], offset + total);
                if (read == 0)
                    break;
                total += read;
            }
            return total;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Truncate(long length)
        {
            RandomAccess.SetLength(handle, length);
            _length = length;
        }

        public void Dispose() => handle.Dispose();
    }
}
