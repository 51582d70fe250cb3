using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Diff;

/// <summary>What a file of a bundle is; the numbers are those of its format.</summary>
public enum BundleFileKind
{
    /// <summary>The main file.</summary>
    Main = 1,

    /// <summary>A rule or scrape file that the main file names.</summary>
    Named = 2,

    /// <summary>The configuration of the built-in Alertmanager.</summary>
    Alertmanager = 3,

    /// <summary>A file of templates that the Alertmanager's configuration names.</summary>
    Template = 4,
}

/// <summary>One file of a bundle; a file that could not be read stays in it, so that its return is a change.</summary>
/// <param name="Path">As the file above it names it: relative to that file's folder, or absolute. "" is the main file and that of the Alertmanager, whatever a node calls them.</param>
/// <param name="Content">Null: not readable.</param>
public sealed record BundleFile(string Path, byte[]? Content, BundleFileKind Kind = BundleFileKind.Named);

/// <summary>
/// Everything one version of a configuration is made of: the main file and the rule and scrape files it names, and, when the built-in Alertmanager is on, its file and the
/// templates that one names, with their contents. What a cluster agrees on, and what an automatic reload watches: equal hashes mean that nothing changed. Does not depend on the
/// folder in which a node keeps its files.
/// </summary>
public sealed record ConfigBundle
{
    /// <summary>Files taken in; a pattern that finds more is cut here.</summary>
    public const int MaxFiles = 10_000;

    private ConfigBundle(IReadOnlyList<BundleFile> files)
    {
        Files = files;
        Hash = Digest(files);
    }

    /// <summary>The main file first, then those it names by path, each once; then the Alertmanager's and its templates.</summary>
    public IReadOnlyList<BundleFile> Files { get; }

    /// <summary>The built-in Alertmanager is on.</summary>
    public bool HasAlertmanager => Files.Any(f => f.Kind == BundleFileKind.Alertmanager);

    /// <summary>SHA-256 over paths and contents, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>Collects the files that the main file and that of the Alertmanager name. They need not be valid: a broken edit is a change like any other.</summary>
    /// <param name="alertmanager">Null: the built-in Alertmanager is off.</param>
    public static ConfigBundle Collect(string path, IConfigFiles files, string? alertmanager = null)
    {
        var all = new List<BundleFile>();
        Collect(all, path, (BundleFileKind.Main, BundleFileKind.Named), ["rule_files", "scrape_config_files"], GlobPattern.IsRulePattern, files);
        if (alertmanager is not null)
            Collect(all, alertmanager, (BundleFileKind.Alertmanager, BundleFileKind.Template), ["templates"], static _ => true, files);
        return new ConfigBundle(all);
    }

    /// <summary>The same bundle out of files that came from elsewhere; the first is the main file.</summary>
    public static ConfigBundle Of(IReadOnlyList<BundleFile> files) => new(files);

    /// <summary>The bundle as files to load the configuration from, as if they lay beside a node's own main file.</summary>
    /// <param name="path">Of that main file; the loader is given the same.</param>
    public IConfigFiles AsFiles(string path) => AsFiles(path, BundleFileKind.Main, BundleFileKind.Named);

    /// <summary>As <see cref="AsFiles(string)"/>, of the built-in Alertmanager.</summary>
    public IConfigFiles AlertmanagerAsFiles(string path) => AsFiles(path, BundleFileKind.Alertmanager, BundleFileKind.Template);

    private MemoryConfigFiles AsFiles(string path, BundleFileKind main, BundleFileKind named)
    {
        var directory = ConfigPaths.DirectoryOf(path);
        return new MemoryConfigFiles(Files.Where(f => f.Content is not null && (f.Kind == main || f.Kind == named))
            .Select(f => KeyValuePair.Create(f.Path.Length == 0 ? path : ConfigPaths.Join(directory, f.Path), f.Content!)));
    }

    private static void Collect(
        List<BundleFile> all, string path, (BundleFileKind Main, BundleFileKind Named) kinds, string[] keys, Predicate<string> isPattern, IConfigFiles files)
    {
        var main = Read("", path, kinds.Main, files);
        all.Add(main);
        var others = new SortedDictionary<string, BundleFile>(StringComparer.Ordinal);
        var directory = ConfigPaths.DirectoryOf(path);
        if (main.Content is not null && YamlDocument.Parse(main.Content).Root is YamlMapping mapping)
            foreach (var pattern in Patterns(mapping, keys).Where(pattern => isPattern(pattern)))
                foreach (var file in files.Glob(ConfigPaths.Join(directory, pattern)))
                {
                    var name = ConfigPaths.IsRooted(pattern) ? file : System.IO.Path.GetRelativePath(directory, file);
                    if (file != path && others.Count < MaxFiles && !others.ContainsKey(name))
                        others.Add(name, Read(name, file, kinds.Named, files));
                }
        all.AddRange(others.Values);
    }

    private static IEnumerable<string> Patterns(YamlMapping mapping, string[] keys)
    {
        foreach (var entry in mapping.Entries)
            if (entry is { Key: YamlScalar key, Value: YamlSequence list } && keys.Contains(key.Text))
                foreach (var pattern in list.Items.OfType<YamlScalar>())
                    if (pattern.Text.Length > 0)
                        yield return pattern.Text;
    }

    private static BundleFile Read(string name, string path, BundleFileKind kind, IConfigFiles files) =>
        new(name, files.TryRead(path, out var content, out _) ? content : null, kind);

    private static string Digest(IReadOnlyList<BundleFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Lengths go before the bytes: text moved from one file to the next must change the hash.
        Span<byte> length = stackalloc byte[8];
        foreach (var file in files)
        {
            if (file.Kind > BundleFileKind.Named)
            {
                // No length is negative.
                BinaryPrimitives.WriteInt64LittleEndian(length, -(long)file.Kind);
                hash.AppendData(length);
            }
            var name = Encoding.UTF8.GetBytes(file.Path);
            BinaryPrimitives.WriteInt64LittleEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Content?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(file.Content ?? []);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
