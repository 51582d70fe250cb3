using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Reload;

/// <summary>Carries state over to the changed definition of a group.</summary>
public static class GroupInheritance
{
    /// <summary>
    /// The state of the new group. A rule goes on with the alerts and series of the rule that had its kind, name and labels; of several the first with the first, and so on.
    /// Series of rules that nobody goes on with are ended by the next evaluation. The old state must not be used again.
    /// </summary>
    public static GroupState Inherit(RuleGroup from, GroupState state, RuleGroup to)
    {
        var next = new GroupState(to, restore: false) { LastEvaluation = state.LastEvaluation };
        var taken = new bool[from.Rules.Count];
        for (var i = 0; i < to.Rules.Count; i++)
        {
            var match = Match(from, to.Rules[i], taken);
            if (match < 0)
                continue;
            taken[match] = true;
            var old = state.Rules[match];
            next.Rules[i].Series = old.Series;
            next.Rules[i].Alerts = old.Alerts;
            next.Rules[i].Restored = old.Restored;
        }
        next.Orphans.AddRange(state.Orphans);
        for (var i = 0; i < taken.Length; i++)
            if (!taken[i])
                state.Rules[i].Series.Release(next.Orphans);
        next.NeedsRestore = state.NeedsRestore;
        return next;
    }

    private static int Match(RuleGroup from, Rule rule, bool[] taken)
    {
        for (var i = 0; i < taken.Length; i++)
            if (!taken[i] && from.Rules[i].GetType() == rule.GetType() && from.Rules[i].Name == rule.Name && from.Rules[i].Labels.Equals(rule.Labels))
                return i;
        return -1;
    }
}
