using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Repair;

/// <summary>A stretch of time of a partition that is compared with a sibling; milliseconds, the end exclusive.</summary>
public readonly record struct Comparison(PartitionId Partition, long From, long To);

/// <summary>
/// What copies in sync compare with each other, though nothing asks for it: files rot and are set aside, and a writer that dies between its sends leaves a batch with one of them.
/// Old stretches go round slowly, for ever; the newest ones are compared once after a node has gone. Each copy pulls what it lacks, so both end up equal.
/// </summary>
/// <param name="Done">Where the round stands: the partition compared last, and up to where.</param>
/// <param name="Recent">Partitions whose newest stretch is to be compared.</param>
/// <param name="Up">Lives of nodes that were up at the last look.</param>
public sealed record ComparisonPlan(Comparison Done, ImmutableSortedSet<int> Recent, ImmutableHashSet<NodeIncarnation> Up)
{
    /// <summary>Length of a stretch: what one comparison reads.</summary>
    public const long StretchMs = 24 * 3_600_000L;

    /// <summary>Younger samples may be on their way to one of the copies.</summary>
    public const long SettledMs = 4 * 3_600_000L;

    public static readonly ComparisonPlan Start = new(default, [], []);

    /// <summary>After a look at the map: what a writer that has gone had sent to one copy only is found.</summary>
    /// <param name="self">Whose copies are compared.</param>
    public ComparisonPlan Look(PartitionMap map, NodeIncarnation self)
    {
        var up = map.UpNodes.Select(n => n.Current).ToImmutableHashSet();
        if (up.SetEquals(Up))
            return this;
        var recent = Up.Except(up).IsEmpty ? Recent : Recent.Union(Comparable(map, self));
        return this with { Up = up, Recent = recent };
    }

    /// <summary>The next stretch and the plan after it; null: this node has no copy in sync with a sibling.</summary>
    /// <param name="oldest">The first sample of this node's copy; null: it is not open or empty.</param>
    public (ComparisonPlan After, Comparison? Next) Take(PartitionMap map, NodeIncarnation self, Func<PartitionId, long?> oldest, long now)
    {
        var mine = Comparable(map, self).ToList();
        var recent = Recent.Intersect(mine);
        if (!recent.IsEmpty)
        {
            var partition = new PartitionId(recent[0]);
            return (this with { Recent = recent.Remove(recent[0]) }, new Comparison(partition, now - SettledMs, long.MaxValue));
        }
        var settled = now - SettledMs;
        // On with the partition at hand, then the next ones, then round again.
        var order = mine.Where(p => p >= Done.Partition.Value).Concat(mine.Where(p => p < Done.Partition.Value)).Append(mine.Contains(Done.Partition.Value) ? Done.Partition.Value : -1);
        var at = Done;
        foreach (var p in order.Where(p => p >= 0))
        {
            var partition = new PartitionId(p);
            if (oldest(partition) is { } first && first < settled)
            {
                var from = Math.Max(first, at.Partition == partition ? at.To : long.MinValue);
                if (from < settled)
                {
                    var next = new Comparison(partition, from, Math.Min(settled, from + StretchMs));
                    // What settles meanwhile is for the next round.
                    return (this with { Done = next with { To = next.To == settled ? long.MaxValue : next.To }, Recent = recent }, next);
                }
            }
            // Through with it.
            at = default(Comparison) with { Partition = new PartitionId(-1) };
        }
        return (this with { Recent = recent }, null);
    }

    /// <summary>Partitions of which this node and another one have copies in sync.</summary>
    private static IEnumerable<int> Comparable(PartitionMap map, NodeIncarnation self) =>
        Enumerable.Range(0, map.Partitions.Length).Where(p => map.Partitions[p] is { InSyncCount: > 1 } state && state.HeldBy(self) is { IsInSync: true });
}
