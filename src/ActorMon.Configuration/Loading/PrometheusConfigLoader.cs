using ActorMon.Configuration.Files;
using ActorMon.Configuration.Mechanisms;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Loading;

/// <summary>
/// Loads prometheus.yml and the scrape_config_files it names. Strict: an unknown or repeated key anywhere is an error. Nothing is thrown for bad input, and
/// nothing half-loaded comes back. Rules and texts follow Prometheus 3.14.
/// </summary>
public static class PrometheusConfigLoader
{
    private const string NameTaken = "found multiple scrape configs with job name ";

    internal static readonly SectionSchema Top = new("config.plain",
        Key.Section("global", GlobalSection.Schema), Key.Section("runtime", GlobalSection.Runtime), Key.Section("alerting", AlertingSection.Schema),
        Key.PathList("rule_files"), Key.PathList("scrape_config_files"), ScrapeSection.ListKey, Key.Section("storage", StorageSection.Schema),
        Key.Section("tracing", StorageSection.Tracing), Key.SectionList("remote_write", RemoteSection.Write, "empty or null remote write config section"),
        Key.SectionList("remote_read", RemoteSection.Read, "empty or null remote read config section"), Key.Section("otlp", OtlpSection.Schema));

    private static readonly SectionSchema Included = new("config.ScrapeConfigs", ScrapeSection.ListKey);

    /// <param name="path">The main file; relative paths in it start at its folder.</param>
    /// <param name="environment">Looks an environment variable up; null: not set. Asked for external label values, GOGC and azuread's token file.</param>
    /// <param name="agentMode">Refuses what an agent has no use for: alerting, rule_files and remote_read.</param>
    public static ConfigLoadResult Load(string path, IConfigFiles files, Func<string, string?> environment, bool agentMode = false)
    {
        var context = new ReadContext(path, ConfigPaths.DirectoryOf(path), environment);
        if (ReadFile(path, Top, files, context) is not { } top)
            return Failed(context);
        Patterns(top, "rule_files", "invalid rule file path", context);
        Patterns(top, "scrape_config_files", "invalid scrape config file path", context);
        FillIn(top, context);
        if (agentMode)
            RefuseInAgent(top, context);

        var global = top.Section("global")!;
        var jobs = new List<ConfiguredJob>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        Jobs(top, global, names, jobs, context);
        Include(top, global, names, jobs, files, context);

        var scheme = NameSchemes.Validation(global.Text("metric_name_validation_scheme"));
        AlertingSection.Resolve(top.SectionOrDefault("alerting"), scheme, context);
        RemoteSection.Resolve(top, scheme, context);
        OtlpSection.Resolve(top.Section("otlp")!, scheme, context);
        if (context.Errors.Count > 0)
            return Failed(context);
        var config = Build(path, top, jobs);
        IdleKeys.Warn(top, jobs, config.Alerting.Alertmanagers, context);
        return new ConfigLoadResult(config, [], context.Warnings);
    }

    private static ConfigSection? ReadFile(string path, SectionSchema schema, IConfigFiles files, ReadContext context)
    {
        if (!files.TryRead(path, out var content, out var problem))
        {
            context.Errors.Add(new ConfigError(path, 0, "", problem, ConfigErrorKind.File));
            return null;
        }
        return YamlFile.Read(content, schema, context);
    }

    private static void Patterns(ConfigSection top, string key, string text, ReadContext context)
    {
        // The message names the pattern as it was written, before it was joined to a folder.
        if (top.Node is not YamlMapping mapping)
            return;
        foreach (var entry in mapping.Entries)
            if (entry is { Key: YamlScalar name, Value: YamlSequence list } && name.Text == key)
                for (var i = 0; i < list.Items.Count; i++)
                    if (list.Items[i] is YamlScalar pattern && !GlobPattern.IsRulePattern(pattern.Text))
                        context.Error(pattern, $"{key}[{i}]", $"{text} {GoQuote.Quote(pattern.Text)}");
    }

    private static void FillIn(ConfigSection top, ReadContext context)
    {
        top["global"] ??= SectionReader.Read(GlobalSection.Schema, null, "global", context);
        top["runtime"] ??= new ConfigSection(GlobalSection.Runtime, "runtime", null);
        top["storage"] ??= SectionReader.Read(StorageSection.Schema, null, "storage", context);
        top["otlp"] ??= SectionReader.Read(OtlpSection.Schema, null, "otlp", context);
        var runtime = top.Section("runtime")!;
        if (runtime.Integer("gogc") == 0)
            runtime["gogc"] = DefaultGoGc(context.Environment("GOGC"));
    }

    private static long DefaultGoGc(string? variable) => string.Equals(variable, "off", StringComparison.OrdinalIgnoreCase) ? -1
        : int.TryParse(variable, System.Globalization.CultureInfo.InvariantCulture, out var set) ? set : 75;

    private static void RefuseInAgent(ConfigSection top, ReadContext context)
    {
        if (AlertingSection.IsUsed(top.Section("alerting")))
            context.Error(top, "alerting", "field alerting is not allowed in agent mode");
        if (top.List("rule_files").Count > 0)
            context.Error(top, "rule_files", "field rule_files is not allowed in agent mode");
        if (top.Sections("remote_read").Count > 0)
            context.Error(top, "remote_read", "field remote_read is not allowed in agent mode");
    }

    private static void Jobs(ConfigSection owner, ConfigSection global, Dictionary<string, string> names, List<ConfiguredJob> jobs, ReadContext context)
    {
        foreach (var section in owner.Sections("scrape_configs"))
        {
            ScrapeSection.Resolve(section, global, context);
            var name = section.Text("job_name");
            if (name.Length > 0 && !names.TryAdd(name, context.File))
                context.Error(section, "job_name", $"{NameTaken}{GoQuote.Quote(name)}, first found in {names[name]}");
            // With errors anywhere the result is thrown away, and a section may be unfit to build from.
            if (context.Errors.Count == 0)
                jobs.Add(ScrapeSection.Build(section, context.File));
        }
    }

    private static void Include(ConfigSection top, ConfigSection global, Dictionary<string, string> names, List<ConfiguredJob> jobs, IConfigFiles files, ReadContext context)
    {
        foreach (var pattern in top.List("scrape_config_files"))
        {
            if (!GlobPattern.IsRulePattern(pattern))
                continue;
            var found = files.Glob(pattern);
            if (found.Count == 0 && !GlobPattern.HasWildcards(pattern))
                context.Warn(top, "scrape_config_files", $"{GoQuote.Quote(pattern)} does not point to an existing file");
            foreach (var file in found)
            {
                var inner = new ReadContext(file, ConfigPaths.DirectoryOf(file), context.Environment);
                if (ReadFile(file, Included, files, inner) is { } included)
                    Jobs(included, global, names, jobs, inner);
                context.Errors.AddRange(inner.Errors.Take(Math.Max(0, ReadContext.MaxErrors - context.Errors.Count)));
                context.Warnings.AddRange(inner.Warnings.Take(Math.Max(0, ReadContext.MaxErrors - context.Warnings.Count)));
            }
        }
    }

    private static PrometheusConfig Build(string path, ConfigSection top, List<ConfiguredJob> jobs) => new(top)
    {
        Path = path,
        Global = GlobalSection.Build(top.Section("global")!),
        RuleFiles = top.List("rule_files"),
        ScrapeConfigFiles = top.List("scrape_config_files"),
        Jobs = jobs,
        Alerting = AlertingSection.Build(top.SectionOrDefault("alerting")),
        RemoteWrite = [.. top.Sections("remote_write").Select(RemoteSection.BuildWrite)],
        RemoteRead = [.. top.Sections("remote_read").Select(RemoteSection.BuildRead)],
        Otlp = OtlpSection.Build(top.Section("otlp")!),
        Storage = StorageSection.Build(top.Section("storage")!),
        Tracing = top.Section("tracing") is { } tracing ? StorageSection.BuildTracing(tracing) : null,
        GoGc = top.Section("runtime")!.Integer("gogc"),
    };

    private static ConfigLoadResult Failed(ReadContext context) =>
        new(null, [.. context.Errors.OrderBy(e => e.File == context.File ? "" : e.File, StringComparer.Ordinal).ThenBy(e => e.Line)], context.Warnings);
}
