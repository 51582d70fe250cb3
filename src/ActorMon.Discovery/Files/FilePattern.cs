namespace ActorMon.Discovery.Files;

/// <summary>
/// A file_sd path pattern: an absolute directory and a name in which <c>*</c> stands for any characters (none, and leading dots, too) and <c>?</c> for one.
/// </summary>
public sealed class FilePattern
{
    public FilePattern(string pattern)
    {
        var slash = pattern.LastIndexOf('/');
        if (!Path.IsPathFullyQualified(pattern) || slash < 0)
            throw new ArgumentException($"file_sd_configs: the path \"{pattern}\" is not absolute", nameof(pattern));
        Directory = slash == 0 ? "/" : pattern[..slash];
        Name = pattern[(slash + 1)..];
    }

    public string Directory { get; }
    public string Name { get; }

    public bool IsLiteral => !Name.AsSpan().ContainsAny('*', '?');

    /// <summary>Matches greedily with one point to return to: linear in practice, quadratic at worst, whatever the pattern.</summary>
    public bool Matches(string name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < Name.Length && Name[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < Name.Length && (Name[p] == '?' || Name[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }
        while (p < Name.Length && Name[p] == '*')
            p++;
        return p == Name.Length;
    }
}
