using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;

namespace ActorMon.Tool;

/// <summary><c>check config</c>: loads configuration files as a node would, and looks at the files they name.</summary>
public static class CheckConfig
{
    /// <param name="syntaxOnly">Do not look at the files a configuration names.</param>
    /// <param name="agent">Check it for an agent, which has no use for some sections.</param>
    /// <returns>0 every file is fine, 1 one is not.</returns>
    public static int Run(IReadOnlyList<string> paths, bool syntaxOnly, bool agent, TextWriter output, TextWriter errors)
    {
        var files = new DiskConfigFiles();
        var failed = false;
        foreach (var path in paths)
        {
            output.WriteLine($"Checking {path}");
            var result = PrometheusConfigLoader.Load(Path.GetFullPath(path), files, Environment.GetEnvironmentVariable, agent);
            var problems = result.Errors;
            var warnings = result.Warnings;
            if (result.Config is { } config && !syntaxOnly)
            {
                var referenced = ReferencedFiles.Check(config, files);
                problems = referenced.Errors;
                warnings = [.. warnings, .. referenced.Warnings];
            }
            foreach (var warning in warnings)
                output.WriteLine($"  WARNING: {warning}");
            foreach (var problem in problems)
                errors.WriteLine($"  FAILED: {problem}");
            var rules = result.Config is { } loaded && !syntaxOnly ? loaded.RuleFiles.SelectMany(files.Glob).Distinct(StringComparer.Ordinal).ToList() : [];
            if (problems.Count == 0 && rules.Count > 0)
                output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  SUCCESS: {rules.Count} rule files found"));
            if (problems.Count == 0)
                output.WriteLine($" SUCCESS: {path} is valid prometheus config file syntax\n");
            var check = new Rules.CheckRules(Rules.RuleFlags.Checks([]), lint: true, ignoreUnknownFields: false, output, errors);
            foreach (var rule in rules)
                check.File(rule);
            failed |= problems.Count > 0 || check.HasErrors;
        }
        return failed ? 1 : 0;
    }
}
