using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>Active series of some heads by job and instance; "" where a series has none.</summary>
public static class HeadTargets
{
    public static IReadOnlyDictionary<TargetKey, long> Of(IReadOnlyList<PartitionView> views)
    {
        var targets = new Dictionary<TargetKey, long>();
        foreach (var view in views)
            foreach (var (target, series) in TableCounts.Of(view.Head.Table).Targets)
                targets[target] = targets.GetValueOrDefault(target) + series;
        return targets;
    }
}
