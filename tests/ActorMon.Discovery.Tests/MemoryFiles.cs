using System.Collections.Concurrent;
using System.Text;
using ActorMon.Discovery.Files;

namespace ActorMon.Discovery.Tests;

/// <summary>Files, and notices of their changes, without a disk.</summary>
internal sealed class MemoryFiles : IFileTree, IDirectoryWatch
{
    private readonly ConcurrentDictionary<string, (string Text, DateTimeOffset Modified)> _files = [];
    private readonly ConcurrentDictionary<object, (string Directory, Action Changed, Action<string> Failed)> _watches = [];

    /// <summary>Paths whose reading fails with this text.</summary>
    public ConcurrentDictionary<string, string> Broken { get; } = [];

    /// <summary>Directories that cannot be watched, or listed.</summary>
    public ConcurrentDictionary<string, bool> Unwatchable { get; } = [];

    public ConcurrentDictionary<string, bool> Unlistable { get; } = [];

    public IReadOnlyList<string> Watched => [.. _watches.Values.Select(watch => watch.Directory).Order()];

    public void Write(string path, string text, DateTimeOffset modified = default) => _files[path] = (text, modified);

    public void Delete(string path) => _files.TryRemove(path, out _);

    public void Changed()
    {
        foreach (var watch in _watches.Values)
            watch.Changed();
    }

    public void Fail(string reason)
    {
        foreach (var watch in _watches.Values)
            watch.Failed(reason);
    }

    public IReadOnlyList<string> List(string directory) => Unlistable.ContainsKey(directory)
        ? throw new IOException($"{directory}: input/output error")
        : [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path))];

    public bool Exists(string path) => _files.ContainsKey(path);

    public (byte[] Text, DateTimeOffset Modified) Read(string path, long maxBytes) => Broken.TryGetValue(path, out var error) ? throw new IOException(error)
        : _files.TryGetValue(path, out var file) ? (Encoding.UTF8.GetBytes(file.Text), file.Modified)
        : throw new FileNotFoundException(path);

    public IDisposable Start(string directory, Action changed, Action<string> failed)
    {
        if (Unwatchable.ContainsKey(directory))
            throw new IOException($"{directory}: cannot watch");
        var watch = new Watch(this);
        _watches[watch] = (directory, changed, failed);
        return watch;
    }

    private sealed class Watch(MemoryFiles owner) : IDisposable
    {
        public void Dispose() => owner._watches.TryRemove(this, out _);
    }
}
