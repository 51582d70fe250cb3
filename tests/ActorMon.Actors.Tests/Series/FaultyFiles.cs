using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Tests.Series;

/// <summary>The machine's disk with switches: operations call them first, and they throw or wait as the test wants.</summary>
internal sealed class FaultyFiles : IStorageFiles
{
    private int _appends;

    public volatile Action? BeforeAppend;
    public volatile Action? BeforeList;
    public volatile Action<string>? BeforeCreate;

    public int Appends => Volatile.Read(ref _appends);

    public bool FileExists(string path) => DiskFiles.Instance.FileExists(path);
    public bool DirectoryExists(string path) => DiskFiles.Instance.DirectoryExists(path);
    public void CreateDirectory(string path) => DiskFiles.Instance.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        BeforeList?.Invoke();
        return DiskFiles.Instance.List(directory);
    }

    public IStorageFile Create(string path)
    {
        BeforeCreate?.Invoke(path);
        return new Watched(this, DiskFiles.Instance.Create(path));
    }

    public IStorageFile Open(string path, bool writable) => DiskFiles.Instance.Open(path, writable);
    public void Rename(string from, string to) => DiskFiles.Instance.Rename(from, to);
    public void Delete(string path) => DiskFiles.Instance.Delete(path);
    public void MoveDirectory(string from, string to) => DiskFiles.Instance.MoveDirectory(from, to);
    public void DeleteDirectory(string path) => DiskFiles.Instance.DeleteDirectory(path);
    public void SyncDirectory(string directory) => DiskFiles.Instance.SyncDirectory(directory);
    public IDisposable? TryLock(string path, string text) => DiskFiles.Instance.TryLock(path, text);

    private sealed class Watched(FaultyFiles owner, IStorageFile file) : IStorageFile
    {
        public long Length => file.Length;

        public void Append(ReadOnlySpan<byte> data)
        {
            Interlocked.Increment(ref owner._appends);
            owner.BeforeAppend?.Invoke();
            file.Append(data);
        }

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);
        public void Sync() => file.Sync();
        public void Truncate(long length) => file.Truncate(length);
        public void Dispose() => file.Dispose();
    }
}
