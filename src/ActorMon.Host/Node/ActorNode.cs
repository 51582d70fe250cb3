using ActorMon.Actors.Admin;
using ActorMon.Actors.Control;
using ActorMon.Actors.Discovery;
using ActorMon.Actors.Links;
using ActorMon.Actors.Query;
using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorMon.Host.Node;

/// <summary>Everything the actors of a node are built from; pure parts, made before the actor system.</summary>
public sealed record ActorParts(
    PartitionReplicaSettings Replicas, IngestSettings Ingest, IngestMetrics IngestMetrics, ControlSettings Control, DiscoverySettings Discovery,
    ScrapeShardSettings ScrapeShards, ScrapeRuntime Scraping, QuerySettings Queries, QueryRuntime QueryRuntime,
    StorageAdminSettings Admin)
{
    /// <summary>Who gets the batches of a partition.</summary>
    public required IReplicaHolders Holders { get; init; }

    public required PeerLinkSettings PeerLinks { get; init; }
}

/// <summary>
/// The node's actor system: cluster membership, shard regions, the Control singleton and the node's own actors. The Host owns it and may outlive it.
/// </summary>
public sealed class ActorNode : IAsyncDisposable
{
    private static readonly TimeSpan StopStep = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;
    private readonly IActorRef _shards;

    private ActorNode(ActorSystem system, IActorRef shards, IActorRef ingest, IActorRef queries, IActorRef admin, IActorRef control)
    {
        _system = system;
        _shards = shards;
        Ingest = ingest;
        Queries = queries;
        Admin = admin;
        Control = control;
    }

    /// <summary>IngestLink of this node.</summary>
    public IActorRef Ingest { get; }

    /// <summary>QuerySupervisor of this node.</summary>
    public IActorRef Queries { get; }

    /// <summary>StorageAdmin of this node.</summary>
    public IActorRef Admin { get; }

    /// <summary>The Control singleton, wherever it runs.</summary>
    public IActorRef Control { get; }

    public static async Task<ActorNode> StartAsync(NodeOptions options, Config hocon, ActorParts parts, ILoggerFactory loggers)
    {
        var setup = BootstrapSetup.Create().WithConfig(hocon).And(new LoggerFactorySetup(loggers));
        var system = ActorSystem.Create("actormon", setup);
        var cluster = AkkaCluster.Get(system);
        if (options.SeedNodes.Count == 0)
            cluster.Join(cluster.SelfAddress);
        else
            cluster.JoinSeedNodes(options.SeedNodes.Select(seed => Address.Parse($"akka.tcp://actormon@{seed}")));

        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var replicas = await sharding.StartAsync("partition", id => PartitionReplicaActor.Props(id, parts.Replicas), settings, new ReplicaMessageExtractor());
        var proxy = system.ActorOf(
            ClusterSingletonProxy.Props("/user/control", ClusterSingletonProxySettings.Create(system).WithSingletonName("it")), "control-proxy");
        // Scrapes and writes reach the replicas through the node's link; it wakes them itself, so nothing here waits for Control.
        var ingest = system.ActorOf(
            IngestLinkActor.Props(
                parts.Ingest, replicas, parts.IngestMetrics, parts.Holders, peer => PeerLinkActor.Props(peer, parts.PeerLinks).WithDispatcher(HoconLoader.SamplesDispatcher))
                .WithDispatcher(HoconLoader.SamplesDispatcher),
            IngestLinkActor.Name);
        var shards = await sharding.StartAsync(
            "scrape-shard", id => ScrapeShardActor.Props(id, parts.ScrapeShards, parts.Scraping, ingest, proxy), settings, new ShardMessageExtractor());
        var queries = system.ActorOf(QuerySupervisorActor.Props(parts.Queries, parts.QueryRuntime), "queries");
        var admin = system.ActorOf(StorageAdminActor.Props(parts.Admin, replicas), StorageAdminActor.Name);
        var control = ControlActor.Props(parts.Control, replicas, shards, DiscoveryManagerActor.Props(parts.Discovery, shards));
        system.ActorOf(
            ClusterSingletonManager.Props(control, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithSingletonName("it")), "control");
        return new ActorNode(system, shards, ingest, queries, admin, proxy);
    }

    /// <summary>Every partition takes batches and every scrape shard has reported.</summary>
    public async Task<ControlProtocol.ControlState?> StateAsync(TimeSpan timeout)
    {
        try
        {
            return await Control.Ask<ControlProtocol.ControlState>(ControlProtocol.GetControlState.Instance, timeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Leaves the cluster and ends the actor system: targets stop, replicas close their directories cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        // Control, when it runs here, would call every replica and shard that stops back to life.
        _system.ActorSelection("/user/control/it").Tell(ControlProtocol.StandDown.Instance, ActorRefs.NoSender);
        // Then those who send to the replicas: a call to a replica that closes would be kept for its next start, and its region would wait for that.
        await StopAsync(_shards, GracefulShutdown.Instance);
        await StopAsync(Ingest, PoisonPill.Instance);
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    private async Task StopAsync(IActorRef actor, object message)
    {
        try
        {
            await actor.GracefulStop(StopStep, message);
        }
        catch (TaskCanceledException)
        {
            _system.Log.Warning("{0} has not stopped within {1} s; the node goes on stopping", actor.Path, StopStep.TotalSeconds);
        }
    }
}
