namespace ActorMon.Tsdb.Storage;

/// <summary>
/// A file system that reads another one and keeps every change to itself, in memory: what opens a partition for writing can be pointed at a directory that must not
/// change by a byte. Locks are not taken. One thread.
/// </summary>
public sealed class OverlayFiles(IStorageFiles below) : IStorageFiles, IDisposable
{
    private readonly Dictionary<string, Layer> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    public bool FileExists(string path) => _changed.ContainsKey(path) || (!_gone.Contains(path) && below.FileExists(path));

    public bool DirectoryExists(string path) => _directories.Contains(path) || below.DirectoryExists(path);

    public void CreateDirectory(string path)
    {
        for (var at = path; !string.IsNullOrEmpty(at) && !below.DirectoryExists(at); at = Path.GetDirectoryName(at))
            _directories.Add(at);
    }

    public IReadOnlyList<string> List(string directory)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in below.List(directory))
            if (!_gone.Contains(Path.Combine(directory, name)))
                names.Add(name);
        foreach (var path in _changed.Keys.Concat(_directories))
            if (string.Equals(Path.GetDirectoryName(path), directory, StringComparison.Ordinal))
                names.Add(Path.GetFileName(path));
        return [.. names];
    }

    public IStorageFile Create(string path)
    {
        if (FileExists(path))
            throw new IOException($"{path} exists");
        var layer = _changed[path] = new Layer(null);
        return new Handle(layer);
    }

    public IStorageFile Open(string path, bool writable)
    {
        if (_changed.TryGetValue(path, out var layer))
            return new Handle(layer);
        if (_gone.Contains(path))
            throw new FileNotFoundException($"{path} does not exist", path);
        if (!writable)
            return below.Open(path, writable: false);
        layer = _changed[path] = new Layer(below.Open(path, writable: false));
        return new Handle(layer);
    }

    public void Rename(string from, string to)
    {
        if (!_changed.Remove(from, out var layer))
            layer = _gone.Contains(from) ? throw new FileNotFoundException($"{from} does not exist", from) : new Layer(below.Open(from, writable: false));
        _gone.Add(from);
        _changed[to] = layer;
    }

    public void Delete(string path)
    {
        _changed.Remove(path);
        _gone.Add(path);
    }

    public void MoveDirectory(string from, string to) => throw new IOException($"{from} cannot be moved: what lies below an overlay keeps its names");

    public void DeleteDirectory(string path)
    {
        if (!_directories.Remove(path))
            throw new IOException($"{path} is not of this overlay: it cannot be deleted");
    }

    public void SyncDirectory(string directory)
    {
    }

    public IDisposable? TryLock(string path, string text) => new NoLock();

    public void Dispose()
    {
        foreach (var layer in _changed.Values)
            layer.Base?.Dispose();
    }

    private sealed class NoLock : IDisposable
    {
        public void Dispose()
        {
        }
    }

    /// <summary>The first bytes of a file below, and what was appended to them here.</summary>
    private sealed class Layer(IStorageFile? file)
    {
        private readonly MemoryStream _appended = new();
        private long _kept = file?.Length ?? 0;

        public IStorageFile? Base => file;

        public long Length => _kept + _appended.Length;

        public void Append(ReadOnlySpan<byte> data)
        {
            _appended.Position = _appended.Length;
            _appended.Write(data);
        }

        public int Read(long offset, Span<byte> into)
        {
            var total = 0;
            if (offset < _kept)
                total = file!.Read(offset, into[..(int)Math.Min(into.Length, _kept - offset)]);
            if (total == into.Length || offset + total < _kept)
                return total;
            _appended.Position = Math.Min(offset + total - _kept, _appended.Length);
            return total + _appended.ReadAtLeast(into[total..], into.Length - total, throwOnEndOfStream: false);
        }

        public void Truncate(long length)
        {
            _appended.SetLength(Math.Max(0, length - _kept));
            _kept = Math.Min(_kept, length);
        }
    }

    private sealed class Handle(Layer layer) : IStorageFile
    {
        public long Length => layer.Length;

        public void Append(ReadOnlySpan<byte> data) => layer.Append(data);

        public int Read(long offset, Span<byte> into) => layer.Read(offset, into);

        public void Sync()
        {
        }

        public void Truncate(long length) => layer.Truncate(length);

        public void Dispose()
        {
            // The file's content lives as long as the overlay.
        }
    }
}
