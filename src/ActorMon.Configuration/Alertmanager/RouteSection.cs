using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Yaml;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>Routes and inhibition rules out of their sections.</summary>
internal static class RouteSection
{
    private const string AllLabels = "...";

    public static RouteSpec Build(ConfigSection s, MatcherSyntax syntax, ReadContext context)
    {
        var groupBy = s.List("group_by");
        var all = groupBy.Contains(AllLabels);
        CheckGroupBy(s, [.. groupBy.Where(name => name != AllLabels)], all, syntax, context);
        foreach (var name in s.Map("labels").Keys)
            if (!LabelNameRules.IsValid(name, syntax))
                context.Error(s, "labels", $"invalid label name {GoQuote.Quote(name)} in route labels");
        foreach (var key in new[] { "group_interval", "repeat_interval" })
            if (s.IsWritten(key) && s.Duration(key) == TimeSpan.Zero)
                context.Error(s, key, key + " cannot be zero");
        return new RouteSpec
        {
            Receiver = s.Text("receiver"),
            GroupBy = s["group_by"] is null || all ? null : groupBy,
            GroupByAll = all,
            GroupWait = Written(s, "group_wait"),
            GroupInterval = Written(s, "group_interval"),
            RepeatInterval = Written(s, "repeat_interval"),
            ResolveImmediately = s["resolve_immediately"] is null ? null : s.Bool("resolve_immediately"),
            Matchers = Matchers(s, "match", "match_re", "matchers", syntax, context),
            Continue = s.Bool("continue"),
            MuteTimeIntervals = s.List("mute_time_intervals"),
            ActiveTimeIntervals = s.List("active_time_intervals"),
            Labels = s.Map("labels"),
            Routes = [.. s.Sections("routes").Select(child => Build(child, syntax, context))],
            Line = s.Node?.Line ?? 0,
            Path = s.Path,
        };
    }

    public static InhibitRule BuildInhibitRule(ConfigSection s, MatcherSyntax syntax, ReadContext context)
    {
        foreach (var name in s.List("equal"))
            if (!LabelNameRules.IsValid(name, syntax))
                context.Error(s, "equal", $"invalid label name {GoQuote.Quote(name)} in equal list");
        return new InhibitRule
        {
            Name = s.Text("name"),
            Source = Matchers(s, "source_match", "source_match_re", "source_matchers", syntax, context),
            Target = Matchers(s, "target_match", "target_match_re", "target_matchers", syntax, context),
            Equal = s.List("equal"),
            Line = s.Node?.Line ?? 0,
            Path = s.Path,
        };
    }

    private static void CheckGroupBy(ConfigSection s, List<string> names, bool all, MatcherSyntax syntax, ReadContext context)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (!LabelNameRules.IsValid(name, syntax))
                context.Error(s, "group_by", $"invalid label name {GoQuote.Quote(name)} in group_by list");
            else if (!seen.Add(name))
                context.Error(s, "group_by", $"duplicated label {GoQuote.Quote(name)} in group_by");
        if (all && names.Count > 0)
            context.Error(s, "group_by", "cannot have wildcard group_by (`...`) and other labels at the same time");
    }

    private static TimeSpan? Written(ConfigSection s, string key) => s.IsWritten(key) ? s.Duration(key) : null;

    private static MatcherSet Matchers(ConfigSection s, string equal, string regex, string list, MatcherSyntax syntax, ReadContext context)
    {
        var matchers = new List<AlertMatcher>();
        foreach (var (name, value) in s.Map(equal))
            if (CheckName(s, equal, name, context))
                matchers.Add(new AlertMatcher(MatchOperator.Equal, name, value));
        foreach (var (name, value) in s.Map(regex))
            if (CheckName(s, regex, name, context))
                AddRegex(s, regex, name, value, matchers, context);
        foreach (var text in s.List(list))
        {
            var parsed = MatcherParser.ParseList(text, syntax);
            if (parsed.Error is { } error)
                context.Error(s, list, error);
            if (parsed.Warning is { } warning)
                context.Warn(s, list, $"{text}: {warning}");
            matchers.AddRange(parsed.Matchers);
        }
        return new MatcherSet(matchers);
    }

    private static bool CheckName(ConfigSection s, string key, string name, ReadContext context)
    {
        if (NameValidator.IsValidLabelName(name, NameValidation.Legacy))
            return true;
        context.Error(s, key, "invalid label name " + GoQuote.Quote(name));
        return false;
    }

    private static void AddRegex(ConfigSection s, string key, string name, string value, List<AlertMatcher> matchers, ReadContext context)
    {
        if (IsNull(s, key, name))
        {
            context.Error(s, key, "invalid regexp value for " + GoQuote.Quote(name));
            return;
        }
        try
        {
            AnchoredRegex.ParseForAlerts(value);
            // As the original keeps it: group keys show the anchors.
            matchers.Add(new AlertMatcher(MatchOperator.Regex, name, $"^(?:{value})$"));
        }
        catch (FormatException e)
        {
            context.Error(s, key, e.Message);
        }
    }

    /// <summary>True when the map's entry has no value at all, which is not the empty expression.</summary>
    private static bool IsNull(ConfigSection s, string key, string name) =>
        Entry(s.Node, key) is { } map && Entry(map, name) is { } value && ScalarTypes.IsNull(value);

    private static YamlNode? Entry(YamlNode? node, string key) =>
        (node as YamlMapping)?.Entries.FirstOrDefault(entry => entry.Key is YamlScalar name && name.Text == key).Value;
}
