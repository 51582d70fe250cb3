using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;

namespace ActorMon.Configuration.Diff;

/// <summary>One file of a bundle; a file that could not be read stays in it, so that its return is a change.</summary>
/// <param name="Path">As the main file names it: relative to the main file's folder, or absolute. "" is the main file, whatever a node calls it.</param>
/// <param name="Content">Null: not readable.</param>
public sealed record BundleFile(string Path, byte[]? Content);

/// <summary>
/// Everything one version of a configuration is made of: the main file and the rule and scrape files it names, with their contents. What a cluster agrees on, and
/// what an automatic reload watches: equal hashes mean that nothing changed. Does not depend on the folder in which a node keeps its files.
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

    /// <summary>The main file first, then the others by path, each once.</summary>
    public IReadOnlyList<BundleFile> Files { get; }

    /// <summary>SHA-256 over paths and contents, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>Collects the files a main file names. It need not be valid: a broken edit is a change like any other.</summary>
    public static ConfigBundle Collect(string path, IConfigFiles files)
    {
        var main = Read("", path, files);
        var others = new SortedDictionary<string, BundleFile>(StringComparer.Ordinal);
        var directory = ConfigPaths.DirectoryOf(path);
        if (main.Content is not null && YamlDocument.Parse(main.Content).Root is YamlMapping mapping)
            foreach (var pattern in Patterns(mapping))
                foreach (var file in files.Glob(ConfigPaths.Join(directory, pattern)))
                {
                    var name = ConfigPaths.IsRooted(pattern) ? file : System.IO.Path.GetRelativePath(directory, file);
                    if (file != path && others.Count < MaxFiles && !others.ContainsKey(name))
                        others.Add(name, Read(name, file, files));
                }
        return new ConfigBundle([main, .. others.Values]);
    }

    /// <summary>The same bundle out of files that came from elsewhere; the first is the main file.</summary>
    public static ConfigBundle Of(IReadOnlyList<BundleFile> files) => new(files);

    /// <summary>The bundle as files to load the configuration from, as if they lay beside a node's own main file.</summary>
    /// <param name="path">Of that main file; the loader is given the same.</param>
    public IConfigFiles AsFiles(string path)
    {
        var directory = ConfigPaths.DirectoryOf(path);
        return new MemoryConfigFiles(
            Files.Where(f => f.Content is not null).Select(f => KeyValuePair.Create(f.Path.Length == 0 ? path : ConfigPaths.Join(directory, f.Path), f.Content!)));
    }

    private static IEnumerable<string> Patterns(YamlMapping mapping)
    {
        foreach (var entry in mapping.Entries)
            if (entry is { Key: YamlScalar { Text: "rule_files" or "scrape_config_files" }, Value: YamlSequence list })
                foreach (var pattern in list.Items.OfType<YamlScalar>())
                    if (pattern.Text.Length > 0 && GlobPattern.IsRulePattern(pattern.Text))
                        yield return pattern.Text;
    }

    private static BundleFile Read(string name, string path, IConfigFiles files) => new(name, files.TryRead(path, out var content, out _) ? content : null);

    private static string Digest(IReadOnlyList<BundleFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Lengths go before the bytes: text moved from one file to the next must change the hash.
        Span<byte> length = stackalloc byte[8];
        foreach (var file in files)
        {
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
