using ActorMon.Actors.Admin;
using ActorMon.Actors.Alerting;
using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Discovery;
using ActorMon.Actors.Links;
using ActorMon.Actors.Notifying;
using ActorMon.Actors.Query;
using ActorMon.Actors.Rules;
using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Host.Cluster;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Rules;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
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
    StorageAdminSettings Admin, NodeCluster Cluster)
{
    /// <summary>Who gets the batches of a partition.</summary>
    public required IReplicaHolders Holders { get; init; }

    public required PeerLinkSettings PeerLinks { get; init; }

    public required CopyKeeperParts Copies { get; init; }

    public required ConfigurationKeeperSettings ConfigurationKeeper { get; init; }

    public required ConfigurationRegistrySettings ConfigurationRegistry { get; init; }

    public required NotifierSettings Notifier { get; init; }

    public required RuleRuntime Rules { get; init; }

    public required RuleCoordinatorSettings RuleCoordinator { get; init; }

    public required AlertingRuntime Alerting { get; init; }
}

/// <summary>
/// The node's actor system: cluster membership, shard regions, the Control singleton and the node's own actors. The Host owns it and may outlive it.
/// </summary>
public sealed class ActorNode : IAsyncDisposable
{
    /// <summary>Role of the nodes that hold copies and scrape; the others are witnesses.</summary>
    private const string DataRole = "data";

    /// <summary>Scrape shards that move at once when nodes come.</summary>
    private const int MaxShardMoves = 4;

    private static readonly TimeSpan StopStep = TimeSpan.FromSeconds(5);

    /// <summary>What alerts that wait have to reach their Alertmanagers when the node stops.</summary>
    private static readonly TimeSpan DrainStep = TimeSpan.FromSeconds(15);

    /// <summary>How long a proposed configuration has to come into effect on every node.</summary>
    private static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system;
    private readonly NodeCluster _cluster;
    private readonly IActorRef _shards;
    private readonly IActorRef _groups;
    private readonly IActorRef _configuration;
    private readonly CancellationTokenSource _ended = new();
    private long _correlation;

    private ActorNode(
        ActorSystem system, NodeCluster cluster, IActorRef shards, IActorRef groups, AlertingActors alerting, IActorRef ingest, IActorRef queries, IActorRef admin, IActorRef control,
        IActorRef configuration, IActorRef notifier)
    {
        (_system, _cluster) = (system, cluster);
        AkkaCluster.Get(system).RegisterOnMemberRemoved(End);
        system.WhenTerminated.ContinueWith(_ => End(), TaskScheduler.Default);
        _shards = shards;
        _groups = groups;
        Alerting = alerting;
        Ingest = ingest;
        Queries = queries;
        Admin = admin;
        Control = control;
        Notifier = notifier;
        _configuration = configuration;
    }

    /// <summary>The node's membership has ended, or its actor system: nothing asked of these actors is sure to be answered any more.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>IngestLink of this node.</summary>
    public IActorRef Ingest { get; }

    /// <summary>QuerySupervisor of this node.</summary>
    public IActorRef Queries { get; }

    /// <summary>StorageAdmin of this node.</summary>
    public IActorRef Admin { get; }

    /// <summary>The built-in Alertmanager.</summary>
    public AlertingActors Alerting { get; }

    /// <summary>Notifier of this node.</summary>
    public IActorRef Notifier { get; }

    /// <summary>The Control singleton, wherever it runs.</summary>
    public IActorRef Control { get; }

    /// <param name="listening">Ends when the node listens for the others' bulk data.</param>
    /// <param name="step">How it gets into its cluster, when that is known already; it is then told before its actors are made, which saves time. Null: by <see cref="Enter"/>.</param>
    public static async Task<ActorNode> StartAsync(NodeOptions options, Config hocon, ActorParts parts, ILoggerFactory loggers, Task listening, JoinStep? step)
    {
        var setup = BootstrapSetup.Create().WithConfig(hocon).And(new LoggerFactorySetup(loggers));
        var system = ActorSystem.Create("actormon", setup);
        var cluster = AkkaCluster.Get(system);
        // The map names the port at which the node listens for the others.
        await listening;
        parts.Cluster.Use(cluster);
        if (step is not null)
            Enter(cluster, parts.Cluster, step);

        // A witness asks and is asked, but holds nothing.
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system).WithRole(DataRole);
        var copies = MapAllocationStrategy.By(parts.Cluster.View, cluster);
        var replicas = options.IsWitness
            ? await sharding.StartProxyAsync("partition", DataRole, new ReplicaMessageExtractor())
            : await sharding.StartAsync("partition", id => PartitionReplicaActor.Props(id, parts.Replicas), settings, new ReplicaMessageExtractor(), copies, PoisonPill.Instance);
        var proxy = system.ActorOf(
            ClusterSingletonProxy.Props("/user/control", ClusterSingletonProxySettings.Create(system).WithRole(DataRole).WithSingletonName("it")), "control-proxy");
        system.ActorOf(MapKeeperActor.Props(parts.Cluster.Keeper, proxy), MapKeeperActor.Name);
        var configuration = system.ActorOf(ConfigurationKeeperActor.Props(parts.ConfigurationKeeper, proxy), ConfigurationKeeperActor.Name);
        // Scrapes and writes reach the replicas through the node's link; it wakes them itself, so nothing here waits for Control.
        var ingest = system.ActorOf(
            IngestLinkActor.Props(
                parts.Ingest, replicas, parts.IngestMetrics, parts.Holders, peer => PeerLinkActor.Props(peer, parts.PeerLinks).WithDispatcher(HoconLoader.SamplesDispatcher))
                .WithDispatcher(HoconLoader.SamplesDispatcher),
            IngestLinkActor.Name);
        if (!options.IsWitness)
            system.ActorOf(CopyKeeperActor.Props(CopyKeeperSettings.Default, parts.Copies, replicas, proxy), CopyKeeperActor.Name);
        var spread = new BalancedAllocationStrategy(parts.Control.Loads, cluster.SelfAddress, MaxShardMoves, RegionReach.Of(cluster));
        var shards = options.IsWitness
            ? await sharding.StartProxyAsync("scrape-shard", DataRole, new ShardMessageExtractor())
            : await sharding.StartAsync(
                "scrape-shard", id => ScrapeShardActor.Props(id, parts.ScrapeShards, parts.Scraping, ingest, proxy), settings, new ShardMessageExtractor(), spread, PoisonPill.Instance);
        var queries = system.ActorOf(QuerySupervisorActor.Props(parts.Queries, parts.QueryRuntime).WithDispatcher(HoconLoader.QueriesDispatcher), "queries");
        var admin = system.ActorOf(StorageAdminActor.Props(parts.Admin, replicas), StorageAdminActor.Name);
        var notifier = system.ActorOf(NotifierActor.Props(parts.Notifier), NotifierActor.Name);
        var groupLoads = new BalancedAllocationStrategy(parts.RuleCoordinator.Loads, cluster.SelfAddress, MaxShardMoves, RegionReach.Of(cluster));
        var alerting = await AlertingActors.StartAsync(system, parts.Alerting, sharding, settings, cluster, options.IsWitness ? null : MaxShardMoves, DataRole);
        var ruleLinks = new RuleLinks(
            ingest, proxy, new AlertRouterSink(alerting.Router, new NotifierSink(notifier), parts.Scraping.Configuration, parts.Alerting.ExternalUrl, parts.Alerting.Time));
        var groups = options.IsWitness
            ? await sharding.StartProxyAsync("rule-group", DataRole, new GroupMessageExtractor())
            : await sharding.StartAsync(
                "rule-group", id => RuleGroupActor.Props(id, parts.Rules, ruleLinks), settings, new GroupMessageExtractor(), groupLoads, RuleProtocol.HandOff.Instance);
        if (!options.IsWitness)
        {
            var control = ControlActor.Props(
                parts.Control, node => system.ActorSelection($"{node}/user/{CopyKeeperActor.Name}"), shards, PartitionMapActor.Props(parts.Cluster.Map),
                ConfigurationRegistryActor.Props(parts.ConfigurationRegistry), DiscoveryManagerActor.Props(parts.Discovery, shards), RuleCoordinatorActor.Props(parts.RuleCoordinator, groups));
            system.ActorOf(
                ClusterSingletonManager.Props(control, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(DataRole).WithSingletonName("it")), "control");
        }
        return new ActorNode(system, parts.Cluster, shards, groups, alerting, ingest, queries, admin, proxy, configuration, notifier);
    }

    /// <summary>Begins the cluster or joins it, once.</summary>
    public void Enter(JoinStep step) => Enter(AkkaCluster.Get(_system), _cluster, step);

    private static void Enter(AkkaCluster akka, NodeCluster cluster, JoinStep step)
    {
        if (step is JoinStep.Join join)
        {
            akka.JoinSeedNodes(join.Members.Select(Address.Parse));
            return;
        }
        cluster.Form();
        akka.Join(akka.SelfAddress);
    }

    /// <summary>Every partition takes batches and every scrape shard has reported.</summary>
    public Task<ControlProtocol.ControlState?> StateAsync(TimeSpan timeout) => AskControlAsync<ControlProtocol.ControlState>(ControlProtocol.GetControlState.Instance, timeout);

    /// <summary>The partition map as Control has it; null: Control does not answer.</summary>
    public Task<MapProtocol.MapStatus?> MapStatusAsync(TimeSpan timeout) => AskControlAsync<MapProtocol.MapStatus>(MapProtocol.GetMapStatus.Instance, timeout);

    /// <summary>Asks for a change of the map. Null: it is made and durable; else why it is not.</summary>
    public async Task<string?> DecideAsync(MapCommand command, TimeSpan timeout) => (await AskMapAsync(command, timeout)).Error;

    /// <summary>A deletion enters the cluster's log: a version of the map that has it, or why it does not.</summary>
    public async Task<(long MapVersion, string? Error)> LogAsync(DeletionRequest request, TimeSpan timeout)
    {
        var done = await AskMapAsync(new LogDeletion(request), timeout);
        return (done.MapVersion, done.Error);
    }

    private async Task<MapProtocol.MapCommandDone> AskMapAsync(MapCommand command, TimeSpan timeout)
    {
        var correlation = Interlocked.Increment(ref _correlation);
        return await AskControlAsync<MapProtocol.MapCommandDone>(new MapProtocol.DoMapCommand(correlation, command), timeout)
            ?? new MapProtocol.MapCommandDone(correlation, $"Control has not answered within {timeout.TotalSeconds:0.#} s");
    }

    /// <summary>The configuration as Control has it; null: Control does not answer.</summary>
    public Task<ConfigurationProtocol.ConfigurationStatus?> ConfigurationStatusAsync(TimeSpan timeout) =>
        AskControlAsync<ConfigurationProtocol.ConfigurationStatus>(ConfigurationProtocol.GetConfigurationStatus.Instance, timeout);

    /// <summary>Proposes this node's configuration files to the cluster.</summary>
    /// <returns>Null: they are in effect; else why not.</returns>
    public async Task<string?> ProposeConfigurationAsync(string hash, ReadOnlyMemory<byte> bundle)
    {
        try
        {
            return (await _configuration.Ask<ConfigurationProtocol.ProposalDone>(new ConfigurationKeeperActor.ProposeOwn(hash, bundle), ReloadPatience)).Error;
        }
        catch (AskTimeoutException)
        {
            return $"the cluster has not taken the configuration within {ReloadPatience.TotalSeconds:0} s; /api/v1/status/cluster says what is in effect";
        }
    }

    private async Task<T?> AskControlAsync<T>(object question, TimeSpan timeout) where T : class
    {
        try
        {
            return await Control.Ask<T>(question, timeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Ends the actor system of a membership that has ended: replicas close their directories, nobody is told.</summary>
    public Task EndAsync() => _system.Terminate();

    private void End() => _ended.Cancel();

    /// <summary>Leaves the cluster and ends the actor system: targets stop, replicas close their directories cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_system.WhenTerminated.IsCompleted)
            return;
        // Control, when it runs here, would call every replica and shard that stops back to life.
        _system.ActorSelection("/user/control/it").Tell(ControlProtocol.StandDown.Instance, ActorRefs.NoSender);
        // Then those who send to the replicas: a call to a replica that closes would be kept for its next start, and its region would wait for that.
        await StopAsync(_shards, GracefulShutdown.Instance);
        // The last evaluations end, and what they decided becomes durable, before what they need stops.
        await StopAsync(_groups, GracefulShutdown.Instance);
        await DrainAsync();
        // What is being sent ends, and is written.
        await StopAsync(Alerting.Shards, GracefulShutdown.Instance);
        await StopAsync(Ingest, PoisonPill.Instance);
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    private async Task DrainAsync()
    {
        try
        {
            await Notifier.Ask<NotifierActor.Drained>(NotifierActor.Drain.Instance, DrainStep);
        }
        catch (AskTimeoutException)
        {
            _system.Log.Warning("Not every alert that waited could be sent within {0} s; the node goes on stopping", DrainStep.TotalSeconds);
        }
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
