using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Times;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Yaml;
using ActorMon.Http.Options;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>alertmanager.yml, checked, and the HTTP options of each integration; those of email hold its TLS, those of sns its signature.</summary>
public sealed class AlertmanagerConfig
{
    internal AlertmanagerConfig(
        AlertingConfig alerting, IReadOnlyDictionary<(string Receiver, string Type, int Index), HttpClientOptions> http, ConfigSection resolved, string path) =>
        (Alerting, Http, Resolved, Path) = (alerting, http, resolved, path);

    public AlertingConfig Alerting { get; }

    public IReadOnlyDictionary<(string Receiver, string Type, int Index), HttpClientOptions> Http { get; }

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    internal ConfigSection Resolved { get; }
}

/// <summary>A configuration, or everything that is wrong with it (sorted by line, at least one); warnings come with both.</summary>
public sealed record AlertmanagerLoadResult(AlertmanagerConfig? Config, IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings);

/// <summary>Loads alertmanager.yml. Strict: an unknown or repeated key is an error. Nothing is thrown for bad input. Rules and texts follow Alertmanager 0.34.</summary>
public static class AlertmanagerConfigLoader
{
    public static AlertmanagerLoadResult Load(string path, IConfigFiles files, MatcherSyntax syntax = MatcherSyntax.Fallback)
    {
        var context = new ReadContext(path, ConfigPaths.DirectoryOf(path), static _ => null);
        if (!files.TryRead(path, out var content, out var problem))
            context.Errors.Add(new ConfigError(path, 0, "", problem, ConfigErrorKind.File));
        else if (YamlFile.Read(content, AlertmanagerSchema.Top, context) is { } top && Build(top, syntax, context) is { } config && context.Errors.Count == 0)
        {
            foreach (var warning in AlertingLint.Check(config.Alerting))
                context.Warn(warning.Line, warning.Path, warning.Text);
            return new AlertmanagerLoadResult(config, [], context.Warnings);
        }
        return new AlertmanagerLoadResult(null, [.. context.Errors.OrderBy(e => e.Line)], context.Warnings);
    }

    private static AlertmanagerConfig? Build(ConfigSection top, MatcherSyntax syntax, ReadContext context)
    {
        var global = top.SectionOrDefault("global");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var receivers = new List<ReceiverSettings>();
        var http = new Dictionary<(string, string, int), HttpClientOptions>();
        foreach (var receiver in top.Sections("receivers"))
        {
            if (!names.Add(receiver.Text("name")))
                context.Error(receiver, "name", $"notification config name {GoQuote.Quote(receiver.Text("name"))} is not unique");
            receivers.Add(Receiver(receiver, global, http, context));
        }
        var intervals = new Dictionary<string, NamedTimeInterval>(StringComparer.Ordinal);
        TimeIntervalSection.Build(top, "mute_time_intervals", intervals, context);
        TimeIntervalSection.Build(top, "time_intervals", intervals, context);
        var rules = top.Sections("inhibit_rules").Select(rule => RouteSection.BuildInhibitRule(rule, syntax, context)).ToArray();
        if (top.Section("route") is not { } routeSection)
        {
            context.Error(top, "route", "no routes provided");
            return null;
        }
        var route = RouteSection.Build(routeSection, syntax, context);
        CheckRoot(routeSection, route, context);
        CheckReferences(routeSection, route, names, intervals, context);
        return new AlertmanagerConfig(new AlertingConfig
        {
            ResolveTimeout = global.Duration("resolve_timeout"),
            Route = route,
            Receivers = receivers,
            InhibitRules = rules,
            Templates = top.List("templates"),
            TimeIntervals = [.. intervals.Values],
        }, http, top, context.File);
    }

    private static ReceiverSettings Receiver(
        ConfigSection s, ConfigSection global, Dictionary<(string, string, int), HttpClientOptions> http, ReadContext context)
    {
        var integrations = new List<IntegrationSettings>();
        foreach (var (type, _, _) in ReceiverSchemas.All)
        {
            var sections = s.Sections(type + "_configs");
            for (var i = 0; i < sections.Count; i++)
            {
                ReceiverInheritance.Resolve(type, sections[i], global, context);
                // With errors the result is thrown away, and a section may be unfit to build from.
                if (context.Errors.Count > 0)
                    continue;
                integrations.Add(new IntegrationSettings(type, i, sections[i].Bool("send_resolved"), SectionValues.ToDictionary(sections[i])));
                http[(s.Text("name"), type, i)] = Http(type, sections[i]);
            }
        }
        return new ReceiverSettings(s.Text("name"), s.Map("labels"), integrations) { Line = s.Node?.Line ?? 0, Path = s.Path };
    }

    private static HttpClientOptions Http(string type, ConfigSection s)
    {
        var options = HttpClientBuilder.Build(s.Section("http_config")!);
        return type switch
        {
            // Mail is no HTTP, but its TLS has the same keys.
            "email" => HttpClientOptions.Default with { Tls = HttpClientBuilder.Tls(s.Section("tls_config")) },
            "sns" => options with { SigV4 = (CloudAuthSection.BuildSigV4(s.Section("sigv4")) ?? new SigV4Options()) with { ServiceName = "sns" } },
            _ => options,
        };
    }

    private static void CheckRoot(ConfigSection s, RouteSpec root, ReadContext context)
    {
        if (root.Receiver.Length == 0)
            context.Error(s, "receiver", "root route must specify a default receiver");
        if (!root.Matchers.IsEmpty)
            context.Error(s, "matchers", "root route must not have any matchers");
        if (root.MuteTimeIntervals.Count > 0)
            context.Error(s, "mute_time_intervals", "root route must not have any mute time intervals");
        if (root.ActiveTimeIntervals.Count > 0)
            context.Error(s, "active_time_intervals", "root route must not have any active time intervals");
        if (root.Continue)
            context.Error(s, "continue", "cannot have continue in root route");
    }

    private static void CheckReferences(
        ConfigSection s, RouteSpec route, HashSet<string> receivers, Dictionary<string, NamedTimeInterval> intervals, ReadContext context)
    {
        var children = s.Sections("routes");
        for (var i = 0; i < children.Count; i++)
            CheckReferences(children[i], route.Routes[i], receivers, intervals, context);
        if (route.Receiver.Length > 0 && !receivers.Contains(route.Receiver))
            context.Error(s, "receiver", $"undefined receiver {GoQuote.Quote(route.Receiver)} used in route");
        foreach (var (key, names) in new[] { ("active_time_intervals", route.ActiveTimeIntervals), ("mute_time_intervals", route.MuteTimeIntervals) })
            foreach (var name in names)
                if (!intervals.ContainsKey(name))
                    context.Error(s, key, $"undefined time interval {GoQuote.Quote(name)} used in route");
    }
}
