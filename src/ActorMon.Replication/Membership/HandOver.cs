using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>What a node that is about to stop still has to wait for. Functions of the map alone.</summary>
public static class HandOver
{
    /// <summary>Nodes that can take over: up, staying, with room for data.</summary>
    public static IEnumerable<MapNode> Heirs(PartitionMap map, NodeId leaver) => map.UpNodes.Where(n => n.IsStaying && n.Id != leaver);

    /// <summary>
    /// Partitions of which the node has something that the heirs do not have yet: one in sync here that is in sync on fewer of them than wanted, or one that came back and
    /// has not been merged by all.
    /// </summary>
    /// <param name="copies">Copies in sync wanted on other nodes; no more than there are heirs.</param>
    public static IReadOnlyList<PartitionId> Missing(PartitionMap map, NodeId leaver, int copies)
    {
        var heirs = Heirs(map, leaver).Select(n => n.Id).ToHashSet();
        var wanted = Math.Min(copies, heirs.Count);
        var missing = new List<PartitionId>();
        if (wanted == 0)
            return missing;
        foreach (var (partition, copy) in map.CopiesOn(leaver))
            if (copy.State == CopyState.Returned || (copy.IsInSync && InSync(map[partition], heirs) < wanted))
                missing.Add(partition);
        return missing;
    }

    /// <summary>Partitions in sync here that will have fewer than R copies in sync when the node has gone.</summary>
    public static int Weakened(PartitionMap map, NodeId leaver) => map.CopiesOn(leaver).Count(held =>
        held.Copy.IsInSync && map[held.Partition].Copies.Count(c => c.State == CopyState.InSync && c.Node != leaver) < map.Replicas);

    private static int InSync(PartitionState partition, HashSet<NodeId> heirs) => partition.Copies.Count(c => c.State == CopyState.InSync && heirs.Contains(c.Node));
}
