using System.Collections.Immutable;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Control.Allocation;

/// <summary>
/// Puts every shard of the region "partition" onto the node that the map names for it, and moves it away from any other. Sharding is location only: a copy that runs
/// elsewhere for a moment is refused by its epoch.
/// </summary>
/// <param name="nodeOf">The address the map names for a shard <c>p/r</c>; null: the map names none.</param>
/// <param name="self">This node's address; references to its own region carry none.</param>
/// <param name="isThere">Whether a node's region answers (<see cref="RegionReach"/>); nothing moves while one does not.</param>
public sealed class MapAllocationStrategy(Func<string, Address?> nodeOf, Address self, Func<Address, bool> isThere) : IShardAllocationStrategy
{
    /// <summary>By the map that this node has; the coordinator asks it on the node where Control decides.</summary>
    public static MapAllocationStrategy By(MapView view, Akka.Cluster.Cluster cluster) => new(
        shard => ReplicaId.TryParse(shard, out var replica) && view.Current is { } map && replica.Partition.Value < map.Partitions.Length
            && map[replica.Partition].OnSlot(replica.Replica) is { State: not CopyState.Dropping } copy && map.IsUp(copy.Holder)
                ? Address.Parse(map.Nodes[copy.Node].Address)
                : null,
        cluster.SelfAddress, RegionReach.Of(cluster));

    /// <summary>
    /// Nobody when the map names no node, or one whose region has not registered: the coordinator places the shard nowhere and the region that asked asks again. This happens
    /// whenever a node comes or goes, so it is no failure (a failed task is logged as an error each time).
    /// </summary>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var node = nodeOf(shardId);
        foreach (var region in currentShardAllocations.Keys)
            if (AddressOf(region, self) == node)
                return Task.FromResult(region);
        return Task.FromResult<IActorRef>(ActorRefs.Nobody);
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(!currentShardAllocations.Keys.All(region => isThere(AddressOf(region, self)))
            ? ImmutableHashSet<string>.Empty
            : Misplaced(currentShardAllocations.Select(region => (AddressOf(region.Key, self), (IReadOnlyList<string>)region.Value)), nodeOf)
                .Where(shard => !rebalanceInProgress.Contains(shard)).ToImmutableHashSet());

    /// <summary>Shards that are not where the map wants them. One that the map does not name at all ends as well.</summary>
    public static IEnumerable<string> Misplaced(IEnumerable<(Address Node, IReadOnlyList<string> Shards)> allocations, Func<string, Address?> nodeOf) =>
        from allocation in allocations from shard in allocation.Shards where nodeOf(shard) != allocation.Node select shard;

    internal static Address AddressOf(IActorRef region, Address self) => region.Path.Address.HasGlobalScope ? region.Path.Address : self;
}
