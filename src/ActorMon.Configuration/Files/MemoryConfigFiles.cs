using System.Text;
using ActorMon.Configuration.Units;

namespace ActorMon.Configuration.Files;

/// <summary>Configuration files held in memory: those of a bundle that came from another node, or of a test. Not thread-safe while it is changed.</summary>
public sealed class MemoryConfigFiles : IConfigFiles
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public MemoryConfigFiles() { }

    public MemoryConfigFiles(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        foreach (var (path, content) in files)
            _files[path] = content;
    }

    public void Write(string path, string text) => _files[path] = Encoding.UTF8.GetBytes(text);

    public void Write(string path, byte[] content) => _files[path] = content;

    public void Delete(string path) => _files.Remove(path);

    public bool TryRead(string path, out byte[] content, out string error)
    {
        var found = _files.TryGetValue(path, out var bytes);
        content = bytes ?? [];
        error = found ? "" : $"open {path}: no such file or directory";
        return found;
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public IReadOnlyList<string> Glob(string pattern)
    {
        if (!GlobPattern.HasWildcards(pattern))
            return Exists(pattern) ? [pattern] : [];
        var segments = pattern.Split('/');
        return [.. _files.Keys.Where(path => Matches(segments, path.Split('/')))];
    }

    private static bool Matches(string[] pattern, string[] path)
    {
        if (pattern.Length != path.Length)
            return false;
        for (var i = 0; i < pattern.Length; i++)
            if (!GlobPattern.IsMatch(pattern[i], path[i]))
                return false;
        return true;
    }
}
