using System.Globalization;
using ActorMon.Actors.Control;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Rules;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Templating;

namespace ActorMon.Host.Configuration;

/// <summary>The rules of a configuration, ready to run, or everything that is wrong with its rule files.</summary>
/// <param name="flags">What the node's flags say of rules.</param>
/// <param name="parser">Which parts of PromQL are on.</param>
public sealed class RuleConfigurations(RuleSettings flags, ParserOptions parser)
{
    public (RuleConfiguration? Rules, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Load(PrometheusConfig config, IConfigFiles files)
    {
        var checks = new RuleChecks(config.Global.NameValidation, parser, GoRuleTemplates.Instance);
        var loaded = RuleFilesLoader.Load(config.RuleFiles, files, checks);
        var warnings = loaded.Warnings.Select(w => w.ToString()).ToList();
        if (!loaded.IsLoaded)
            return (null, [.. loaded.Errors.Select(e => e.ToString())], warnings);
        var folder = ConfigPaths.DirectoryOf(config.Path) + "/";
        var groups = new List<ConfiguredGroup>();
        foreach (var file in loaded.Files)
        {
            // Nodes may keep the same files in different folders.
            var source = file.Path.StartsWith(folder, StringComparison.Ordinal) ? file.Path[folder.Length..] : file.Path;
            foreach (var group in RuleGroupCompiler.Compile(file, config.Global.EvaluationInterval, checks))
                groups.Add(new ConfiguredGroup(IdOf(source, group.Name), source, group));
        }
        groups.Sort(static (a, b) => string.CompareOrdinal(a.Group.File, b.Group.File) is not 0 and var order ? order : string.CompareOrdinal(a.Group.Name, b.Group.Name));
        var settings = flags with { QueryOffset = config.Global.RuleQueryOffset, ExternalLabels = config.Global.ExternalLabels, Parser = parser };
        var silence = config.Jobs.Select(j => j.Job.Interval).Append(config.Global.ScrapeInterval).Max();
        return (new RuleConfiguration(settings, groups, silence), [], warnings);
    }

    private static string IdOf(string source, string name) => StableHash.Of(LabelSet.Of("file", source, "name", name)).ToString("x16", CultureInfo.InvariantCulture);
}
