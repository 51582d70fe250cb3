using ActorMon.Actors.Alerting;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorMon.Host.Node;

/// <summary>The actors of the built-in Alertmanager in one life of a node.</summary>
/// <param name="Shards">The region of the shards and of the owner of the silences.</param>
/// <param name="Router">AlertRouter of this node.</param>
public sealed record AlertingActors(IActorRef Shards, IActorRef Router)
{
    private const string TypeName = "alert-shard";

    /// <summary>What a change of the silences may take.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(10);

    private static long _correlation;

    /// <param name="maxMoves">Shards that move at once when nodes come; null: none runs here.</param>
    public static async Task<AlertingActors> StartAsync(
        ActorSystem system, AlertingRuntime runtime, ClusterSharding sharding, ClusterShardingSettings settings, AkkaCluster cluster, int? maxMoves, string role)
    {
        // Shards call each other, so each is made with the way to all of them: one that is there before any of them is.
        var proxy = await sharding.StartProxyAsync(TypeName, role, new AlertMessageExtractor());
        var shards = maxMoves is not { } moves
            ? proxy
            : await sharding.StartAsync(
                TypeName, id => AlertMessageExtractor.PropsOf(id, runtime, proxy), settings, new AlertMessageExtractor(),
                new BalancedAllocationStrategy(new ShardLoads(), cluster.SelfAddress, moves, RegionReach.Of(cluster)), AlertingProtocol.HandOff.Instance);
        system.ActorOf(AlertViewsActor.Props(runtime, shards), AlertViewsActor.Name);
        system.ActorOf(AlertHistoryActor.Props(runtime), AlertHistoryActor.Name);
        return new AlertingActors(shards, system.ActorOf(AlertRouterActor.Props(runtime, shards), AlertRouterActor.Name));
    }

    /// <summary>Asks the owner of the silences; null: it has not answered in time, and nothing is known of the change.</summary>
    public async Task<SilenceDecision?> ChangeSilenceAsync(AlertingProtocol.ChangeSilence change, CancellationToken cancellation)
    {
        var question = change with { Correlation = Interlocked.Increment(ref _correlation) };
        try
        {
            return (await Shards.Ask<AlertingProtocol.SilenceChanged>(question, SilencePatience, cancellation)).Decision;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
