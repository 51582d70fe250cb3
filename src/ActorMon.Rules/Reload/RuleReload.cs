using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Reload;

/// <summary>What a new set of groups changes; groups are the same by file and name.</summary>
/// <param name="Kept">Nothing about them differs: they run on undisturbed.</param>
/// <param name="Changed">They take over the state of their old definition.</param>
/// <param name="Removed">They stop; their series are ended two intervals later.</param>
public sealed record RuleReload(
    IReadOnlyList<RuleGroup> Kept, IReadOnlyList<(RuleGroup Old, RuleGroup New)> Changed, IReadOnlyList<RuleGroup> Added, IReadOnlyList<RuleGroup> Removed)
{
    public static RuleReload Between(IEnumerable<RuleGroup> old, IEnumerable<RuleGroup> next)
    {
        var known = new Dictionary<string, RuleGroup>(StringComparer.Ordinal);
        foreach (var group in old)
            known[group.Key] = group;
        var kept = new List<RuleGroup>();
        var changed = new List<(RuleGroup, RuleGroup)>();
        var added = new List<RuleGroup>();
        foreach (var group in next)
        {
            if (!known.Remove(group.Key, out var before))
                added.Add(group);
            else if (before.SameAs(group))
                kept.Add(before);
            else
                changed.Add((before, group));
        }
        return new RuleReload(kept, changed, added, [.. known.Values]);
    }
}
