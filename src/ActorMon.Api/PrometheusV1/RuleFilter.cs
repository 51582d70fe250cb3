using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;

namespace ActorMon.Api.PrometheusV1;

/// <summary>Which rules a request wants: type, rule_name[], rule_group[], file[], match[] (each set of matchers on the labels as configured; any of them).</summary>
internal sealed class RuleFilter
{
    private readonly string _type;
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _groups;
    private readonly HashSet<string> _files;
    private readonly IReadOnlyList<IReadOnlyList<Matcher>> _matchers;

    public RuleFilter(ParameterReader reader)
    {
        _matchers = reader.MatcherSets(named: false);
        _type = reader.Text("type").ToLowerInvariant();
        if (_type is not ("" or "alert" or "record"))
            reader.Fail("type", $"not supported value {GoQuote.Quote(_type)}");
        _names = reader.All("rule_name[]").ToHashSet(StringComparer.Ordinal);
        _groups = reader.All("rule_group[]").ToHashSet(StringComparer.Ordinal);
        _files = reader.All("file[]").ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The groups with what is left of their rules; a group of which nothing is left is left out.</summary>
    public IReadOnlyList<KnownGroup> Of(IReadOnlyList<KnownGroup> groups)
    {
        var kept = new List<KnownGroup>();
        foreach (var group in groups)
        {
            if ((_groups.Count > 0 && !_groups.Contains(group.Name)) || (_files.Count > 0 && !_files.Contains(group.File)))
                continue;
            var rules = group.Rules.Where(Has).ToList();
            if (rules.Count > 0)
                kept.Add(rules.Count == group.Rules.Count ? group : group with { Rules = rules });
        }
        return kept;
    }

    private bool Has(KnownRule rule) =>
        (_names.Count == 0 || _names.Contains(rule.Name))
        && (_type.Length == 0 || rule.IsAlerting == (_type == "alert"))
        && (_matchers.Count == 0 || _matchers.Any(set => set.All(m => m.Matches(rule.Labels))));
}
