using Akka.Actor;
using Akka.Cluster;

namespace ActorMon.Actors.Control.Allocation;

/// <summary>
/// Which nodes' regions can take part in moving shards. Every region has to answer before a shard moves, so while one cannot, or is about to be forgotten with its node, a move
/// would keep its shard from everybody until it times out.
/// </summary>
public static class RegionReach
{
    /// <summary>By what the cluster knows at the moment of asking.</summary>
    public static Func<Address, bool> Of(Akka.Cluster.Cluster cluster) => address =>
    {
        var state = cluster.State;
        return state.Members.Any(m => m.Address == address && m.Status == MemberStatus.Up) && state.Unreachable.All(m => m.Address != address);
    };
}
