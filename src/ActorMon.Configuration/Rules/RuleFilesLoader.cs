using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Units;
using ActorMon.Rules.Files;

namespace ActorMon.Configuration.Rules;

/// <summary>The rule files of a configuration, or everything that is wrong with any of them: one bad file makes all of them unusable.</summary>
public sealed record RuleFilesResult(IReadOnlyList<RuleFile> Files, IReadOnlyList<RuleFileError> Errors, IReadOnlyList<ConfigWarning> Warnings)
{
    public bool IsLoaded => Errors.Count == 0;
}

/// <summary>Loads what <c>rule_files</c> names. Patterns are expanded anew at every load.</summary>
public static class RuleFilesLoader
{
    /// <summary>Rule files of one configuration; a pattern that finds more is an error.</summary>
    public const int MaxFiles = Diff.ConfigBundle.MaxFiles;

    public static RuleFilesResult Load(IReadOnlyList<string> patterns, IConfigFiles files, RuleChecks checks, bool ignoreUnknownKeys = false)
    {
        var loaded = new List<RuleFile>();
        var errors = new List<RuleFileError>();
        var warnings = new List<ConfigWarning>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            var found = files.Glob(pattern);
            if (found.Count == 0 && !GlobPattern.HasWildcards(pattern))
                warnings.Add(new ConfigWarning(pattern, 0, "", "no such file: there are no rules in it"));
            foreach (var path in found)
            {
                // Patterns may overlap; a file counts once.
                if (!seen.Add(path))
                    continue;
                if (seen.Count > MaxFiles)
                    return new RuleFilesResult([], [new RuleFileError(pattern, $"rule_files name more than the {MaxFiles} files allowed")], warnings);
                var result = RuleFileReader.Read(path, files, checks, ignoreUnknownKeys);
                errors.AddRange(result.Errors);
                warnings.AddRange(result.Warnings);
                if (result.File is { } file)
                    loaded.Add(file);
            }
        }
        return new RuleFilesResult(errors.Count == 0 ? loaded : [], errors, warnings);
    }
}
