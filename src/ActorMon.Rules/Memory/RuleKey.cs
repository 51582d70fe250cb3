using ActorMon.Model.Labels;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Memory;

/// <summary>Which alerting rule of a group, whatever else of the group changes: its name, its labels with templates unexpanded, and which of several such (from 0).</summary>
public readonly record struct RuleKey(string Name, LabelSet Labels, int Number)
{
    /// <summary>Beside the group's rules; null for recording rules, which have nothing to remember.</summary>
    public static IReadOnlyList<RuleKey?> Of(RuleGroup group)
    {
        var keys = new RuleKey?[group.Rules.Count];
        var seen = new Dictionary<(string, LabelSet), int>();
        for (var i = 0; i < keys.Length; i++)
        {
            if (group.Rules[i] is not AlertingRule rule)
                continue;
            var number = seen.GetValueOrDefault((rule.Name, rule.Labels));
            seen[(rule.Name, rule.Labels)] = number + 1;
            keys[i] = new RuleKey(rule.Name, rule.Labels, number);
        }
        return keys;
    }
}
