using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Control.Allocation;

/// <summary>Spreads scrape shards by load, a few moves at a time: a shard that moves misses no scrape, but its targets' connections are made anew.</summary>
/// <param name="self">This node's address; references to its own region carry none.</param>
/// <param name="maxMoves">Shards that move at once.</param>
/// <param name="isThere">Whether a node's region answers (<see cref="RegionReach"/>): one that does not gets no shard, and nothing moves meanwhile.</param>
public sealed class BalancedAllocationStrategy(ShardLoads loads, Address self, int maxMoves, Func<Address, bool> isThere) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var named = Named(currentShardAllocations);
        var there = currentShardAllocations.Keys.Where(IsThere).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var emptiest = LoadBalance.Emptiest(there.Count == 0 ? named : named.Where(n => there.Contains(n.Key)).ToDictionary(StringComparer.Ordinal), loads.Of);
        return Task.FromResult(currentShardAllocations.Keys.First(region => NameOf(region) == emptiest));
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        // While shards are on their way the picture is not true.
        Task.FromResult<IImmutableSet<string>>(rebalanceInProgress.Count > 0 || !currentShardAllocations.Keys.All(IsThere)
            ? ImmutableHashSet<string>.Empty
            : LoadBalance.Moves(Named(currentShardAllocations), loads.Of, maxMoves).ToImmutableHashSet());

    private Dictionary<string, IReadOnlyList<string>> Named(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        allocations.ToDictionary(region => NameOf(region.Key), region => (IReadOnlyList<string>)region.Value, StringComparer.Ordinal);

    private bool IsThere(IActorRef region) => isThere(MapAllocationStrategy.AddressOf(region, self));

    private string NameOf(IActorRef region) => MapAllocationStrategy.AddressOf(region, self).ToString();
}
