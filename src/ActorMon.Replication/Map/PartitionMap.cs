using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;

namespace ActorMon.Replication.Map;

/// <summary>
/// The only truth about copies: which nodes hold which partition in which state. Made by the control singleton, one event at a time; every node keeps it, as of some
/// version. Immutable.
/// </summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Version">Number of events applied; versions order maps of one cluster.</param>
/// <param name="Replicas">Copies wanted per partition.</param>
/// <param name="ReplicasInForce">Copies asked for now: the wanted number, once there were that many nodes.</param>
/// <param name="Partitions">P entries; P is fixed.</param>
public sealed record PartitionMap(
    Guid Cluster,
    long Version,
    int Replicas,
    int ReplicasInForce,
    ImmutableSortedDictionary<NodeId, MapNode> Nodes,
    ImmutableArray<PartitionState> Partitions,
    DeletionLog Deletions)
{
    public const int DefaultReplicas = 2;
    public const int MaxReplicas = 5;

    /// <param name="partitions">P, a power of two.</param>
    /// <param name="replicas">Copies wanted, 1 .. <see cref="MaxReplicas"/>.</param>
    public static PartitionMap Create(Guid cluster, int partitions, int replicas = DefaultReplicas) =>
        new(cluster, 0, replicas, 1, ImmutableSortedDictionary<NodeId, MapNode>.Empty, [.. Enumerable.Repeat(PartitionState.Fresh, partitions)], DeletionLog.Empty);

    public PartitionState this[PartitionId partition] => Partitions[partition.Value];

    public IEnumerable<MapNode> UpNodes => Nodes.Values.Where(n => n.IsUp);

    /// <summary>True when the incarnation is a node's present life.</summary>
    public bool IsUp(NodeIncarnation node) => Nodes.TryGetValue(node.Node, out var known) && known.IsUp && known.Incarnation == node.Incarnation;

    /// <summary>Copies that a partition has to have in sync before another one may go: R, or as many as there are nodes to hold one.</summary>
    public int EnoughCopies
    {
        get
        {
            var able = 0;
            foreach (var node in Nodes.Values)
                able += node.IsUp && !node.Draining && node.Weight > 0 ? 1 : 0;
            return Math.Max(1, Math.Min(ReplicasInForce, able));
        }
    }

    /// <summary>Every copy on a node, whatever its state.</summary>
    public IEnumerable<(PartitionId Partition, CopyRecord Copy)> CopiesOn(NodeId node)
    {
        for (var p = 0; p < Partitions.Length; p++)
            if (Partitions[p].OnNode(node) is { } copy)
                yield return (new PartitionId(p), copy);
    }

    /// <summary>Applies events in their order; each raises the version by one.</summary>
    public PartitionMap Apply(params ReadOnlySpan<MapEvent> events)
    {
        var nodes = Nodes;
        var (replicas, inForce, deletions) = (Replicas, ReplicasInForce, Deletions);
        ImmutableArray<PartitionState>.Builder? partitions = null;
        foreach (var change in events)
        {
            switch (change)
            {
                case NodeSet set:
                    nodes = nodes.SetItem(set.Node.Id, set.Node);
                    break;
                case NodeForgotten forgotten:
                    nodes = nodes.Remove(forgotten.Node);
                    break;
                case PartitionSet set:
                    partitions ??= Partitions.ToBuilder();
                    partitions[set.Partition.Value] = set.State;
                    break;
                case ReplicasSet set:
                    (replicas, inForce) = (set.Wanted, set.InForce);
                    break;
                case DeletionLogged logged:
                    deletions = deletions.Append(logged.Deletion);
                    break;
                case DeletionsPruned pruned:
                    deletions = deletions.Prune(pruned.Version);
                    break;
            }
        }
        return new PartitionMap(
            Cluster, Version + events.Length, replicas, inForce, nodes, partitions?.ToImmutable() ?? Partitions, deletions);
    }

    /// <summary>The map after a diff; null when the diff does not follow this version, so the whole map is needed. A diff that brings nothing new leaves the map.</summary>
    public PartitionMap? Follow(MapDiff diff)
    {
        if (diff.To <= Version)
            return this;
        if (diff.From > Version)
            return null;
        return Apply(diff.Events.AsSpan()[(int)(Version - diff.From)..]);
    }

    public bool ContentEquals(PartitionMap other) =>
        Cluster == other.Cluster && Version == other.Version && Replicas == other.Replicas && ReplicasInForce == other.ReplicasInForce
        && Nodes.SequenceEqual(other.Nodes) && Partitions.Length == other.Partitions.Length
        && Partitions.Zip(other.Partitions).All(pair => pair.First.ContentEquals(pair.Second));
}
