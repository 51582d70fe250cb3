using ActorMon.Model.Labels;

namespace ActorMon.Discovery.Files;

/// <summary>
/// What is known of the files of one mechanism, and how each reading changes it. A file that cannot be read or understood keeps its last good groups; one
/// that is gone, or has fewer groups than before, withdraws those it no longer has. One thread at a time.
/// </summary>
internal sealed class FileScan(IReadOnlyList<FilePattern> patterns, IFileTree files, FileSdParser yaml)
{
    public const long MaxFileBytes = 64 * 1024 * 1024;

    private readonly Dictionary<string, TargetGroup[]> _known = [];
    private readonly Dictionary<string, DateTimeOffset> _modified = [];

    /// <summary>Modification times of the files last read with success.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Modified => new Dictionary<string, DateTimeOffset>(_modified);

    /// <summary>Reads all files; gives the groups that changed since the last time, withdrawn ones empty.</summary>
    public List<TargetGroup> Next(Action<DiscoveryFailed> failed)
    {
        var changes = new List<TargetGroup>();
        var present = new HashSet<string>();
        foreach (var path in Paths(present, failed))
        {
            if (Read(path, out var modified, out var error) is { } groups)
            {
                Compare(_known.GetValueOrDefault(path) ?? [], groups, changes);
                _known[path] = groups;
                _modified[path] = modified;
            }
            else if (error is null)
            {
                // It vanished between listing and reading.
                present.Remove(path);
            }
            else
            {
                failed(new DiscoveryFailed(DiscoveryFailure.FileRead, path, error));
            }
        }
        foreach (var path in _known.Keys.Where(path => !present.Contains(path)).ToList())
        {
            Compare(_known[path], [], changes);
            _known.Remove(path);
            _modified.Remove(path);
        }
        return changes;
    }

    private IEnumerable<string> Paths(HashSet<string> present, Action<DiscoveryFailed> failed)
    {
        foreach (var pattern in patterns)
        {
            IReadOnlyList<string> names;
            try
            {
                names = !pattern.IsLiteral ? files.List(pattern.Directory) : files.Exists(Join(pattern, pattern.Name)) ? [pattern.Name] : [];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed(new DiscoveryFailed(DiscoveryFailure.FileRead, pattern.Directory, e.Message));
                // What the directory held last is not known to be gone.
                foreach (var known in _known.Keys)
                    if (Path.GetDirectoryName(known) == pattern.Directory)
                        present.Add(known);
                continue;
            }
            foreach (var name in names.Where(pattern.Matches).Order(StringComparer.Ordinal))
                if (present.Add(Join(pattern, name)))
                    yield return Join(pattern, name);
        }
    }

    private static string Join(FilePattern pattern, string name) => pattern.Directory == "/" ? "/" + name : $"{pattern.Directory}/{name}";

    /// <summary>The file's groups with their sources and <c>__meta_filepath</c>; null with an error, or without one when the file is not there.</summary>
    private TargetGroup[]? Read(string path, out DateTimeOffset modified, out string? error)
    {
        modified = default;
        error = null;
        try
        {
            (var text, modified) = files.Read(path, MaxFileBytes);
            var extension = Path.GetExtension(path);
            var parsed = extension.Equals(".json", StringComparison.OrdinalIgnoreCase) ? FileSdJson.Parse(text, path)
                : extension.Equals(".yml", StringComparison.OrdinalIgnoreCase) || extension.Equals(".yaml", StringComparison.OrdinalIgnoreCase) ? yaml(text, path)
                : FileSdParseResult.Failed($"the extension \"{extension}\" is none of .json, .yml, .yaml");
            error = parsed.Error;
            return error is null ? Named(path, parsed.Groups) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            return null;
        }
    }

    private static TargetGroup[] Named(string path, IReadOnlyList<TargetGroup> parsed)
    {
        var groups = new TargetGroup[parsed.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            var labels = new LabelSetBuilder(parsed[i].Labels).Set(LabelNames.MetaPrefix + "filepath", path).Build();
            groups[i] = new TargetGroup($"{path}:{i}", labels, parsed[i].Targets);
        }
        return groups;
    }

    private static void Compare(TargetGroup[] before, TargetGroup[] after, List<TargetGroup> changes)
    {
        for (var i = 0; i < after.Length; i++)
            if (i >= before.Length || !TargetGroups.SameContent(before[i], after[i]))
                changes.Add(after[i]);
        for (var i = after.Length; i < before.Length; i++)
            changes.Add(TargetGroups.Withdrawn(before[i].Source));
    }
}
