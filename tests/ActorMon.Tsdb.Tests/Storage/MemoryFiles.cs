using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Tests.Storage;

/// <summary>The process was killed here. Not an IOException: nothing may catch it.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// A file system in memory whose every changing operation is numbered. <see cref="KillAt"/>: the operation of that number is done in part and the process dies.
/// <see cref="FailAt"/>: it and all later ones fail with an I/O error, an append after half of its bytes. <see cref="IsFull"/>: files can be deleted and named, none can grow.
/// </summary>
public sealed class MemoryFiles : IStorageFiles
{
    private sealed class Content
    {
        public byte[] Bytes = [];
        public int Synced;
    }

    private readonly Dictionary<string, Content> _files = [];
    private readonly HashSet<string> _directories = [];
    private readonly HashSet<string> _durableNames = [];
    private readonly Dictionary<string, Content> _replaced = [];
    private readonly HashSet<string> _locks = [];
    private readonly Random _random;
    private bool _dead;

    public MemoryFiles(int seed = 1) => _random = new Random(seed);

    public int Operations { get; private set; }
    public int KillAt { get; set; } = int.MaxValue;
    public int FailAt { get; set; } = int.MaxValue;

    public bool IsFull { get; set; }

    public IReadOnlyCollection<string> Paths => _files.Keys;

    public byte[] Bytes(string path) => _files[path].Bytes;

    public void Overwrite(string path, byte[] bytes)
    {
        _files[path].Bytes = bytes;
        _files[path].Synced = bytes.Length;
    }

    /// <summary>What the next process finds. Power cut: synced bytes only (and a random part of the rest), and only names whose directory was synced.</summary>
    public MemoryFiles AfterDeath(bool powerCut)
    {
        var next = new MemoryFiles(_random.Next());
        foreach (var directory in _directories)
            next._directories.Add(directory);
        foreach (var (path, newest) in _files)
        {
            var content = newest;
            // A name that a rename gave to another file is one of the two after a power cut, never none.
            if (powerCut && !_durableNames.Contains(path) && !_replaced.TryGetValue(path, out content!))
                continue;
            var length = powerCut ? content.Synced + _random.Next(content.Bytes.Length - content.Synced + 1) : content.Bytes.Length;
            next._files[path] = new Content { Bytes = content.Bytes[..length], Synced = length };
            next._durableNames.Add(path);
        }
        return next;
    }

    public bool FileExists(string path) => _files.ContainsKey(path);

    public bool DirectoryExists(string path) => _directories.Contains(path);

    public void CreateDirectory(string path)
    {
        Step();
        for (var at = path; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at)!)
            _directories.Add(at);
    }

    public IReadOnlyList<string> List(string directory)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in _files.Keys.Concat(_directories))
            if (Path.GetDirectoryName(path) == directory)
                names.Add(Path.GetFileName(path));
        return [.. names];
    }

    public IStorageFile Create(string path)
    {
        Step();
        if (!_files.TryAdd(path, new Content()))
            throw new IOException($"{path} exists");
        return new File(this, _files[path]);
    }

    public IStorageFile Open(string path, bool writable) =>
        _files.TryGetValue(path, out var content) ? new File(this, content) : throw new FileNotFoundException(path);

    public void Rename(string from, string to)
    {
        Step();
        if (_durableNames.Contains(to) && _files.TryGetValue(to, out var replaced))
            _replaced[to] = replaced;
        _files[to] = _files[from];
        _files.Remove(from);
        _durableNames.Remove(to);
    }

    public void Delete(string path)
    {
        Step();
        _files.Remove(path);
    }

    /// <summary>Durable at once, with all that is in it.</summary>
    public void MoveDirectory(string from, string to)
    {
        Step();
        foreach (var path in _files.Keys.Where(p => p.StartsWith(from + "/", StringComparison.Ordinal)).ToArray())
        {
            var moved = to + path[from.Length..];
            _files[moved] = _files[path];
            _files.Remove(path);
            if (_durableNames.Remove(path))
                _durableNames.Add(moved);
        }
        foreach (var path in _directories.Where(p => p == from || p.StartsWith(from + "/", StringComparison.Ordinal)).ToArray())
        {
            _directories.Remove(path);
            _directories.Add(to + path[from.Length..]);
        }
    }

    public void DeleteDirectory(string path)
    {
        Step();
        if (List(path).Count > 0 || !_directories.Remove(path))
            throw new IOException($"{path} is not there or not empty");
    }

    public bool TryLink(string path, string link)
    {
        Step();
        if (!_files.TryGetValue(path, out var content) || !_files.TryAdd(link, content))
            return false;
        return true;
    }

    public void SyncDirectory(string directory)
    {
        Step();
        foreach (var path in _files.Keys)
            if (Path.GetDirectoryName(path) == directory)
            {
                _durableNames.Add(path);
                _replaced.Remove(path);
            }
    }

    public IDisposable? TryLock(string path, string text)
    {
        if (!_locks.Add(path))
            return null;
        _files[path + ".owner"] = new Content { Bytes = System.Text.Encoding.UTF8.GetBytes(text) };
        return new Held(this, path);
    }

    /// <summary>Counts an operation; throws when it is the last one. Returns how much of it is done.</summary>
    private void Step(Action<double>? partly = null)
    {
        if (_dead)
            throw new KilledException();
        Operations++;
        if (Operations >= KillAt)
        {
            _dead = true;
            partly?.Invoke(_random.NextDouble());
            throw new KilledException();
        }
        if (Operations >= FailAt)
        {
            partly?.Invoke(Operations == FailAt ? 0.5 : 0);
            throw new IOException("no space left on device");
        }
    }

    private sealed class Held(MemoryFiles owner, string path) : IDisposable
    {
        public void Dispose() => owner._locks.Remove(path);
    }

    private sealed class File(MemoryFiles owner, Content content) : IStorageFile
    {
        public long Length => content.Bytes.Length;

        public void Append(ReadOnlySpan<byte> data)
        {
            var bytes = data.ToArray();
            if (owner.IsFull)
                throw new IOException("no space left on device");
            owner.Step(share => content.Bytes = [.. content.Bytes, .. bytes[..(int)(bytes.Length * share)]]);
            content.Bytes = [.. content.Bytes, .. bytes];
        }

        public int Read(long offset, Span<byte> into)
        {
            var count = (int)Math.Min(into.Length, Math.Max(0, content.Bytes.Length - offset));
            content.Bytes.AsSpan((int)Math.Min(offset, content.Bytes.Length), count).CopyTo(into);
            return count;
        }

        public void Sync()
        {
            owner.Step();
            content.Synced = content.Bytes.Length;
        }

        public void Truncate(long length)
        {
            owner.Step();
            content.Bytes = content.Bytes[..(int)length];
            content.Synced = Math.Min(content.Synced, (int)length);
        }

        public void Dispose() { }
    }
}
