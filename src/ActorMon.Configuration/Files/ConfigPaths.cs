namespace ActorMon.Configuration.Files;

/// <summary>Paths as text, always with slashes, so that the same configuration gives the same paths on every machine.</summary>
public static class ConfigPaths
{
    /// <summary>The path itself when it is empty or absolute, else cleaned and relative to <paramref name="directory"/>.</summary>
    public static string Join(string directory, string path)
    {
        if (path.Length == 0 || IsRooted(path))
            return path;
        return Clean(directory.Length == 0 ? path : directory + "/" + path);
    }

    public static bool IsRooted(string path) => path.StartsWith('/') || Path.IsPathRooted(path);

    /// <summary>The folder of a file: "." when it has none.</summary>
    public static string DirectoryOf(string file)
    {
        var slash = file.LastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : Clean(file[..slash]);
    }

    /// <summary>Removes "." and doubled slashes and resolves ".." by text.</summary>
    public static string Clean(string path)
    {
        var rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part != ".." || !rooted)
                parts.Add(part);
        }
        var joined = string.Join('/', parts);
        return rooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
