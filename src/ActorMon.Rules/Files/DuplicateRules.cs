using ActorMon.Model.Labels;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Files;

/// <summary>A rule that a file has more than once: the same name and the same labels.</summary>
public sealed record DuplicateRule(string Metric, LabelSet Labels);

/// <summary>The lint of duplicate rules: they load, but write over each other.</summary>
public static class DuplicateRules
{
    /// <summary>Each duplicate once, by name and labels.</summary>
    public static IReadOnlyList<DuplicateRule> Find(RuleFile file)
    {
        var rules = new List<DuplicateRule>();
        foreach (var group in file.Groups)
            foreach (var rule in group.Rules)
                rules.Add(new DuplicateRule(rule.Name, RuleLabels.Of(group, rule)));
        rules.Sort(static (a, b) => string.CompareOrdinal(a.Metric, b.Metric) is not 0 and var order ? order : a.Labels.CompareTo(b.Labels));
        var found = new List<DuplicateRule>();
        for (var i = 1; i < rules.Count; i++)
            if (rules[i] == rules[i - 1] && (found.Count == 0 || found[^1] != rules[i]))
                found.Add(rules[i]);
        return found;
    }
}
