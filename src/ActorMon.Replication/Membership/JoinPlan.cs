using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>A node that can be reached, as it describes itself to one that looks for its cluster.</summary>
/// <param name="IsMember">It is a member of the cluster, up. Otherwise it looks for it as well.</param>
/// <param name="MapVersion">Of the partition map on its disk; 0: it has none.</param>
/// <param name="Address">Where members are joined.</param>
public sealed record Reached(NodeId Node, bool IsMember, long MapVersion, string Address);

/// <summary>What a node does that is in no cluster.</summary>
public abstract record JoinStep
{
    /// <param name="Why">For the log.</param>
    public sealed record Wait(string Why) : JoinStep;

    /// <summary>It begins the cluster; the others find it.</summary>
    public sealed record Form : JoinStep;

    public sealed record Join(ImmutableArray<string> Members) : JoinStep;
}

/// <summary>
/// Nodes that start, all at once or one after the other in any order, and those whose membership has ended, find or make the one cluster. Whoever reaches a member joins it.
/// When nobody is one, a majority of the last members has to be there, as the rest may be a cluster of its own; of them the one with the newest map begins. So no node waits for
/// a certain other one, and no minority begins anything.
/// </summary>
public static class JoinPlan
{
    /// <param name="map">The map on this node's disk; null: none.</param>
    /// <param name="founds">A node without a map may make a new cluster when nobody knows one.</param>
    /// <param name="alone">The operator says that the last members are not there (--cluster.bootstrap).</param>
    /// <param name="reached">The others that answer.</param>
    public static JoinStep Next(NodeId self, PartitionMap? map, bool founds, bool alone, IReadOnlyList<Reached> reached)
    {
        if (reached.Any(r => r.IsMember))
            return new JoinStep.Join([.. reached.Where(r => r.IsMember).OrderBy(r => r.Node).Select(r => r.Address)]);
        if (alone)
            return new JoinStep.Form();
        if (map is null)
            return reached.Any(r => r.MapVersion > 0) ? new JoinStep.Wait("the nodes that know the cluster have not begun it yet")
                : founds ? new JoinStep.Form()
                : new JoinStep.Wait("no node that answers is in a cluster");
        var last = map.UpNodes.Select(n => n.Id).ToHashSet();
        var present = reached.Where(r => last.Contains(r.Node)).Select(r => r.Node).Append(self).Distinct().Count(last.Contains);
        var needed = (last.Count / 2) + 1;
        if (reached.Any(r => (r.MapVersion, r.Node).CompareTo((map.Version, self)) > 0))
            return new JoinStep.Wait("a node with a newer map has not begun the cluster yet");
        return present >= needed ? new JoinStep.Form()
            : new JoinStep.Wait($"{present} of the last {last.Count} members are there and {needed} are needed to begin; --cluster.bootstrap begins without them");
    }
}
