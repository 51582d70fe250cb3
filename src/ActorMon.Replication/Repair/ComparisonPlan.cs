using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Repair;

/// <summary>A stretch of time of a partition that is compared with a sibling; milliseconds, the end exclusive.</summary>
public readonly record struct Comparison(PartitionId Partition, long From, long To);

/// <summary>
/// What copies in sync compare with each other, though nothing asks for it: files rot and are set aside, a writer that dies between its sends leaves a batch with one of them, and a
/// copy that was away comes back with what it alone had got. Old stretches go round slowly, for ever; the newest ones are compared once when a node has gone or a copy is back.
/// Each copy pulls what it lacks, so both end up equal.
/// </summary>
/// <param name="Done">Where the round stands: the partition compared last, and up to where.</param>
/// <param name="Recent">Partitions whose newest stretch is to be compared, and since when: milliseconds, the end of the stretch.</param>
/// <param name="Up">Lives of nodes that were up at the last look.</param>
public sealed record ComparisonPlan(Comparison Done, ImmutableSortedDictionary<int, long> Recent, ImmutableHashSet<NodeIncarnation> Up)
{
    /// <summary>Length of a stretch: what one comparison reads.</summary>
    public const long StretchMs = 24 * 3_600_000L;

    /// <summary>Younger samples may be on their way to one of the copies.</summary>
    public const long SettledMs = 4 * 3_600_000L;

    /// <summary>The newest stretch is compared so long after its end: batches that were under way then have come or been given up.</summary>
    public const long RecentDelayMs = 15_000;

    public static readonly ComparisonPlan Start = new(default, ImmutableSortedDictionary<int, long>.Empty, []);

    /// <summary>Copies of siblings that were not in sync when this node's was: they may hold what nobody else got.</summary>
    public ImmutableHashSet<(int Partition, NodeId Node)> Behind { get; init; } = [];

    /// <summary>Version of the map at the last look.</summary>
    public long Seen { get; init; } = -1;

    /// <summary>After a look at the map: what a writer that has gone had sent to one copy only is found, and what a copy brings that was away.</summary>
    /// <param name="self">Whose copies are compared.</param>
    /// <param name="now">Unix milliseconds.</param>
    public ComparisonPlan Look(PartitionMap map, NodeIncarnation self, long now)
    {
        if (map.Version == Seen)
            return this;
        var up = map.UpNodes.Select(n => n.Current).ToImmutableHashSet();
        var recent = Recent.ToBuilder();
        if (!Up.Except(up).IsEmpty)
            foreach (var partition in Comparable(map, self))
                recent[partition] = now;
        var behind = Behind.ToBuilder();
        behind.Clear();
        for (var p = 0; p < map.Partitions.Length; p++)
        {
            if (map.Partitions[p].HeldBy(self) is not { IsInSync: true })
                continue;
            foreach (var copy in map.Partitions[p].Copies)
            {
                var key = (p, copy.Node);
                if (copy.IsInSync && Behind.Contains(key))
                    recent[p] = now;
                else if (copy.State is CopyState.Stale or CopyState.Faulted or CopyState.Returned || (!copy.IsInSync && Behind.Contains(key)))
                    behind.Add(key);
            }
        }
        return this with { Up = up, Recent = recent.ToImmutable(), Behind = behind.ToImmutable(), Seen = map.Version };
    }

    /// <summary>The next of the newest stretches whose time has come, and the plan after it; null: there is none.</summary>
    public (ComparisonPlan After, Comparison? Next) TakeRecent(PartitionMap map, NodeIncarnation self, long now)
    {
        foreach (var (partition, end) in Recent)
        {
            if (end + RecentDelayMs > now)
                continue;
            var after = this with { Recent = Recent.Remove(partition) };
            // Who steps out is compared when it comes in again.
            return IsComparable(map, partition, self) ? (after, new Comparison(new PartitionId(partition), end - SettledMs, end)) : after.TakeRecent(map, self, now);
        }
        return (this, null);
    }

    /// <summary>A comparison of a newest stretch that could not be made is made later.</summary>
    public ComparisonPlan Again(Comparison recent, long now) =>
        Recent.ContainsKey(recent.Partition.Value) ? this : this with { Recent = Recent.Add(recent.Partition.Value, now) };

    /// <summary>The next stretch of the round and the plan after it; null: this node has no copy in sync with a sibling.</summary>
    /// <param name="oldest">The first sample of this node's copy; null: it is not open or empty.</param>
    public (ComparisonPlan After, Comparison? Next) Take(PartitionMap map, NodeIncarnation self, Func<PartitionId, long?> oldest, long now)
    {
        var mine = Comparable(map, self).ToList();
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
                    return (this with { Done = next with { To = next.To == settled ? long.MaxValue : next.To } }, next);
                }
            }
            // Through with it.
            at = default(Comparison) with { Partition = new PartitionId(-1) };
        }
        return (this, null);
    }

    /// <summary>Partitions of which this node and another one have copies in sync.</summary>
    private static IEnumerable<int> Comparable(PartitionMap map, NodeIncarnation self) =>
        Enumerable.Range(0, map.Partitions.Length).Where(p => IsComparable(map, p, self));

    private static bool IsComparable(PartitionMap map, int partition, NodeIncarnation self) =>
        map.Partitions[partition] is { InSyncCount: > 1 } state && state.HeldBy(self) is { IsInSync: true };
}
