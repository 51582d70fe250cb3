using System.Globalization;
using ActorMon.Actors;
using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using ActorMon.Replication.Placement;
using ActorMon.Tsdb.Storage;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace ActorMon.Cluster.Tests;

/// <summary>
/// A node of a cluster in this process: membership, Control with the partition map and its journal, map keeper, allocation; stand-ins take the place of storage and scraping.
/// </summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    public const int Partitions = 8;
    public const int Shards = 4;

    /// <summary>Long enough for a loaded machine; only a failing test waits for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DataDirectory _directory;
    private readonly ActorSystem _system;
    private readonly IActorRef _control;
    private readonly IActorRef _configuration;

    private ClusterNode(DataDirectory directory, ActorSystem system, MapView view, ClusterStanding standing, MetricRegistry registry, IActorRef control, IActorRef configuration, ConfigurationView agreed)
    {
        (_directory, _system, View, Standing, Registry, _control, _configuration, Agreed) = (directory, system, view, standing, registry, control, configuration, agreed);
    }

    /// <summary>The configuration that this node uses.</summary>
    public ConfigurationView Agreed { get; }

    public required FakeConfiguration Configuration { get; init; }

    public MapView View { get; }

    public ClusterStanding Standing { get; }

    public MetricRegistry Registry { get; }

    public Address Address => Akka.Cluster.Cluster.Get(_system).SelfAddress;

    public NodeId Id => View.Self.Node;

    /// <summary>True: the singleton runs here.</summary>
    public bool HasControl => Akka.Cluster.Cluster.Get(_system).State is { } state
        && state.Members.Where(m => m.Status == Akka.Cluster.MemberStatus.Up).OrderBy(m => m, Akka.Cluster.Member.AgeOrdering).FirstOrDefault()?.Address == Address;

    /// <param name="expected">Nodes the new cluster has; the first to be started makes it.</param>
    public static async Task<ClusterNode> StartAsync(
        string folder, JournalDatabase journal, Guid cluster, int expected, Address? join, ulong life, ShardPlaces places, int replicas = 2, FakeConfiguration? files = null)
    {
        var directory = DataDirectory.Open(new DataDirectoryOptions { Path = folder, ClusterId = cluster, Partitions = Partitions }, DiskFiles.Instance).Directory!;
        var system = ActorSystem.Create("actormon", ConfigurationFactory.ParseString(journal.Hocon).WithFallback(Settings()));
        var self = Akka.Cluster.Cluster.Get(system);
        var registry = new MetricRegistry();
        var file = new MapFile(directory, DiskFiles.Instance);
        var view = new MapView(new NodeIncarnation(new NodeId(directory.NodeId), life), file.Read().Map);
        var standing = new ClusterStanding(TimeProvider.System);
        var node = new MapNode(view.Self.Node, life, NodeState.Up, "", 1, false, self.SelfAddress.ToString(), "http://127.0.0.1:1");
        if (join is null && view.Current is null)
            view.Publish(FirstMap.Create(cluster, Partitions, replicas, node, open: expected <= 1));
        self.Join(join ?? self.SelfAddress);

        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var loads = new ShardLoads();
        var copies = await sharding.StartAsync(
            "partition", _ => Props.Create(() => new CopyStandIn()), settings, new ReplicaMessageExtractor(), MapAllocationStrategy.By(view, self), PoisonPill.Instance);
        var shards = await sharding.StartAsync(
            "scrape-shard", id => Props.Create(() => new ShardStandIn(id, places)), settings, new ShardMessageExtractor(), new BalancedAllocationStrategy(loads, self.SelfAddress, 2, RegionReach.Of(self)), PoisonPill.Instance);
        var proxy = system.ActorOf(
            ClusterSingletonProxy.Props("/user/control", ClusterSingletonProxySettings.Create(system).WithSingletonName("it")), "control-proxy");
        system.ActorOf(
            MapKeeperActor.Props(new MapKeeperSettings(() => node, view, file, standing, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5)), proxy), MapKeeperActor.Name);
        system.ActorOf(
            CopyKeeperActor.Props(
                CopyKeeperSettings.Default,
                new CopyKeeperParts(
                    view, new CopyStandings(view, standing, Partitions), new PartitionTable(Partitions),
                    new CopyTransfer(new NoLinks(), new PartitionTable(Partitions), new CopyMetrics(registry), CopyTransferSettings.Default), new CopyMetrics(new MetricRegistry()),
                    partition => file.HeldEpoch(view.OnDisk, view.Self.Node, partition), _ => { }),
                copies, proxy),
            CopyKeeperActor.Name);
        files ??= new FakeConfiguration();
        var agreed = new ConfigurationView();
        var kept = new ConfigurationFile(directory, DiskFiles.Instance);
        var version = kept.Read().Version ?? ConfigurationVersion.None;
        if (FirstMap.IsAlone(view.Current ?? PartitionMap.Create(cluster, Partitions), view.Self.Node))
            version = version.Next(files.Own()!.Value.Hash, node.Address, files.Own()!.Value.Bundle);
        Assert.Null(kept.Write(version));
        agreed.Publish(version);
        var configuration = system.ActorOf(
            ConfigurationKeeperActor.Props(
                new ConfigurationKeeperSettings(view.Self, agreed, kept, files, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)), proxy),
            ConfigurationKeeperActor.Name);
        var planner = new MovePlanner(new MoveSettings());
        var journalSettings =
            new JournalSettings(journal.PrepareAsync, 20, 1000, new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)), new JournalMetrics(registry, TimeProvider.System));
        var map = new PartitionMapSettings(
            cluster, Partitions, view, journalSettings,
            new MapMetrics(registry, view, standing), replicas, expected, TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(100), false, TimeSpan.FromSeconds(5.25),
            TimeSpan.FromMilliseconds(500), (map, leaving) => planner.Plan(map, standing.Now, leaving));
        var control = ControlActor.Props(
            new ControlSettings(Shards, TimeSpan.FromMilliseconds(500), loads), at => system.ActorSelection($"{at}/user/{CopyKeeperActor.Name}"), shards, PartitionMapActor.Props(map),
            ConfigurationRegistryActor.Props(new ConfigurationRegistrySettings(
                cluster, view, agreed, files, journalSettings, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60))),
            Props.Create(() => new Sink()), Props.Create(() => new Sink()));
        system.ActorOf(
            ClusterSingletonManager.Props(control, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithSingletonName("it")), "control");
        return new ClusterNode(directory, system, view, standing, registry, proxy, configuration, agreed) { Configuration = files };
    }

    /// <summary>True: as many members are up as <paramref name="nodes"/> says, and all can be reached from here.</summary>
    public bool Sees(int nodes) => Akka.Cluster.Cluster.Get(_system).State is { Unreachable.Count: 0 } state
        && state.Members.Count(m => m.Status == Akka.Cluster.MemberStatus.Up) == nodes;

    public Task<ControlProtocol.ControlState> StateAsync() => _control.Ask<ControlProtocol.ControlState>(ControlProtocol.GetControlState.Instance, Patience);

    public Task<MapProtocol.MapStatus> MapStatusAsync() => _control.Ask<MapProtocol.MapStatus>(MapProtocol.GetMapStatus.Instance, Patience);

    public Task<MapProtocol.MapCommandDone> DoAsync(MapCommand command) => _control.Ask<MapProtocol.MapCommandDone>(new MapProtocol.DoMapCommand(1, command), Patience);

    public Task<ConfigurationProtocol.ConfigurationStatus> ConfigurationAsync() =>
        _control.Ask<ConfigurationProtocol.ConfigurationStatus>(ConfigurationProtocol.GetConfigurationStatus.Instance, Patience);

    /// <summary>Proposes this node's files to the cluster; the answer is null or an error.</summary>
    public async Task<string?> ReloadAsync() =>
        (await _configuration.Ask<ConfigurationProtocol.ProposalDone>(new ConfigurationKeeperActor.ProposeOwn(Configuration.Own()!.Value.Hash, Configuration.Own()!.Value.Bundle), Patience)).Error;

    /// <summary>Ends without a word to the others, as a killed process does.</summary>
    public async Task KillAsync()
    {
        await _system.Terminate();
        _directory.Dispose();
    }

    /// <summary>Leaves the cluster first.</summary>
    public async Task LeaveAsync()
    {
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        _directory.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_system.WhenTerminated.IsCompleted)
            await KillAsync();
    }

    /// <param name="state">What there is instead, for the failure.</param>
    public static async Task EventuallyAsync(string what, Func<Task<bool>> holds, Func<Task<string>>? state = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            if (deadline.IsCancellationRequested)
                Assert.Fail($"not seen: {what} {(state is null ? "" : await state())}");
            await Task.Delay(100);
        }
    }

    /// <summary>Members, map and Control as this node sees them.</summary>
    public async Task<string> DescribeAsync()
    {
        var state = Akka.Cluster.Cluster.Get(_system).State;
        string control;
        try
        {
            control = (await _control.Ask<MapProtocol.MapStatus>(MapProtocol.GetMapStatus.Instance, TimeSpan.FromSeconds(5))).ToString();
        }
        catch (AskTimeoutException)
        {
            control = "no answer";
        }
        return $"{this}: members {string.Join(", ", state.Members.Select(m => $"{m.Address.Port} {m.Status}"))}, unreachable {string.Join(", ", state.Unreachable.Select(m => m.Address.Port))}, "
            + $"map {View.Version}, confirmed {Standing.IsConfirmed}, Control: {control}";
    }

    public static Task EventuallyAsync(string what, Func<bool> holds) => EventuallyAsync(what, () => Task.FromResult(holds()));

    private static Config Settings()
    {
        var config = ConfigurationFactory.ParseString("""
            akka {
              loggers = []
              loglevel = OFF
              coordinated-shutdown.run-by-actor-system-terminate = off
              cluster.run-coordinated-shutdown-when-down = off
              # Three nodes in one process on a loaded machine: one that was starved for a moment is not dead, and nobody would start it again here.
              cluster.failure-detector.acceptable-heartbeat-pause = 20s
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            }
            """);
        foreach (var file in new[] { "dispatchers.conf", "cluster.conf", "persistence.conf", "actormon.conf" })
            config = config.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", file))));
        return config.WithFallback(ClusterSharding.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address.Port}");
}
