using System.Globalization;
using ActorMon.Api.Ports;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;

namespace ActorMon.Host.Cluster;

/// <summary>The partition map in the words of the API.</summary>
public static class ClusterReport
{
    /// <param name="map">Null: the node has none yet.</param>
    /// <param name="unreachable">Addresses of members that are not heard at the moment; the map has them as up until they are removed.</param>
    /// <param name="control">Null: Control does not answer.</param>
    public static ClusterStatus Of(Guid cluster, NodeId self, bool confirmed, PartitionMap? map, IReadOnlySet<string> unreachable, MapProtocol.MapStatus? control, ClusterConfiguration configuration)
    {
        var versions = control?.Keepers.ToDictionary(k => k.Node.Node, k => k.Version) ?? [];
        return new ClusterStatus(
            cluster, self.ToString(), confirmed, map?.Version ?? 0,
            control is null ? null : new ControlStatus(control.Version, control.Waiting, control.JournalError, control.Frozen),
            map?.Partitions.Length ?? 0, map?.Replicas ?? 0, map?.ReplicasInForce ?? 0,
            map is null ? [] : [.. map.Nodes.Values.Select(n => NodeOf(map, n, unreachable.Contains(n.Address), versions.TryGetValue(n.Id, out var version) ? version : null))],
            map is null ? [] : [.. Under(map)],
            map is null ? [] : [.. Moves(map)],
            configuration);
    }

    private static ClusterNodeStatus NodeOf(PartitionMap map, MapNode node, bool isUnreachable, long? version) => new(
        node.Id.ToString(), node.Incarnation.ToString("x16", CultureInfo.InvariantCulture), StateOf(node, isUnreachable), node.Zone, node.Weight,
        node.Address, node.LinkAddress, node.IsUp ? version : null, map.CopiesOn(node.Id).Count(), map.CopiesOn(node.Id).Count(held => held.Copy.IsInSync),
        node is { IsUp: true, IsStaying: false, Weight: > 0 } ? HandOver.Missing(map, node.Id, map.ReplicasInForce).Count : null);

    private static string StateOf(MapNode node, bool isUnreachable) =>
        !node.IsUp ? "away" : isUnreachable ? "unreachable" : node.Stopping ? "stopping" : node.Draining ? "draining" : "up";

    private static IEnumerable<UnderReplicated> Under(PartitionMap map)
    {
        var wanted = Math.Min(map.Replicas, Math.Max(map.ReplicasInForce, map.UpNodes.Count(n => n.Weight > 0)));
        for (var p = 0; p < map.Partitions.Length; p++)
            if (map.Partitions[p] is var partition && (partition.InSyncCount < wanted || !partition.IsComplete))
                yield return new UnderReplicated(p, partition.InSyncCount, wanted, partition.IsComplete, ReasonOf(map, partition));
    }

    private static string ReasonOf(PartitionMap map, PartitionState partition)
    {
        if (!partition.IsOpened)
            return "it has not been placed yet";
        var others = partition.Copies.Where(c => !c.IsInSync).Select(c => $"the copy on {c.Node} {What(c.State)}{(map.IsUp(c.Holder) ? "" : ", its node is away")}").ToList();
        return others.Count > 0 ? string.Join("; ", others)
            : map.UpNodes.Count(n => n.IsStaying) <= partition.InSyncCount ? "there are not enough nodes for another copy"
            : "another copy has not been started yet";
    }

    private static string What(CopyState state) => state switch
    {
        CopyState.Joining => "is being filled",
        CopyState.Confirming => "is being compared",
        CopyState.Stale => "is behind and waits to be used again",
        CopyState.Faulted => "has a storage that failed",
        CopyState.Lost => "was the last in sync, the partition waits for it",
        CopyState.Returned => "is back and is being merged",
        CopyState.Dropping => "is being deleted",
        _ => state.ToString(),
    };

    private static IEnumerable<CopyMove> Moves(PartitionMap map)
    {
        for (var p = 0; p < map.Partitions.Length; p++)
            foreach (var copy in map.Partitions[p].Copies)
                if (copy.State is CopyState.Joining or CopyState.Confirming or CopyState.Leaving or CopyState.Dropping)
                    yield return new CopyMove(p, copy.Slot, copy.Node.ToString(), copy.State.ToString().ToLowerInvariant());
    }
}
