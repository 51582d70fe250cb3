using ActorMon.Configuration.Units;

namespace ActorMon.Configuration.Files;

/// <summary>Configuration files on disk.</summary>
public sealed class DiskConfigFiles : IConfigFiles
{
    /// <summary>Larger files are refused: no configuration is that long.</summary>
    public const long MaxBytes = 256L << 20;

    public bool TryRead(string path, out byte[] content, out string error)
    {
        content = [];
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
            {
                error = $"open {path}: {length} bytes are more than the {MaxBytes} allowed";
                return false;
            }
            content = File.ReadAllBytes(path);
            error = "";
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error = $"open {path}: no such file or directory";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"open {path}: {e.Message}";
        }
        return false;
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> Glob(string pattern)
    {
        if (!GlobPattern.HasWildcards(pattern))
            return Exists(pattern) ? [pattern] : [];
        IEnumerable<string> folders = [pattern.StartsWith('/') ? "/" : ""];
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length - 1; i++)
        {
            var segment = segments[i];
            folders = folders.SelectMany(f => GlobPattern.HasWildcards(segment) ? Matches(f, segment, folders: true) : [Combine(f, segment)]).ToList();
        }
        return [.. folders.SelectMany(f => Matches(f, segments[^1], folders: false)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Matches(string folder, string pattern, bool folders)
    {
        var from = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(from))
            return [];
        try
        {
            var entries = folders ? Directory.EnumerateDirectories(from) : Directory.EnumerateFiles(from);
            return [.. entries.Select(e => Path.GetFileName(e)!).Where(name => GlobPattern.IsMatch(pattern, name)).Select(name => Combine(folder, name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As the peers' globbing: a folder that cannot be read holds nothing.
            return [];
        }
    }

    private static string Combine(string folder, string name) => folder.Length == 0 ? name : folder.EndsWith('/') ? folder + name : folder + "/" + name;
}
