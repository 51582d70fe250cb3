using System.Globalization;
using System.Security.Cryptography;
using ActorMon.Actors;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Series.Copies;
using ActorMon.Host.Configuration;
using ActorMon.Host.Node;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using ActorMon.Replication.Placement;
using ActorMon.Tsdb.Storage;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorMon.Host.Cluster;

/// <summary>This node as a member of its cluster: its map, its standing, and what the actors that keep both are built from.</summary>
public sealed class NodeCluster
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A new cluster of several nodes waits for so long until they are there.</summary>
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromSeconds(20);

    /// <summary>A node alone opens its journal when its start is over.</summary>
    private static readonly TimeSpan JournalDelay = TimeSpan.FromSeconds(2);

    /// <summary>Beyond the end of a lease, for clocks that run at slightly different rates.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMilliseconds(250);

    /// <summary>Versions of the configuration that the journal keeps; each is whole.</summary>
    private const int ConfigurationStates = 10;

    /// <summary>How long each node has to load a proposed configuration.</summary>
    private static readonly TimeSpan ConfigurationPatience = TimeSpan.FromSeconds(12);

    private readonly NodeOptions _options;
    private readonly NodeSettings _settings;
    private readonly DataDirectory _directory;
    private readonly MapFile _file;
    private AkkaCluster? _akka;
    private string _linkScheme = Uri.UriSchemeHttp;
    private int _linkPort;

    private NodeCluster(
        NodeOptions options, NodeSettings settings, DataDirectory directory, MapFile file, MapView view, JournalDatabase journal, MetricRegistry registry, TimeProvider time)
    {
        (_options, _settings, _directory, _file, View) = (options, settings, directory, file, view);
        Journal = journal;
        Standing = new ClusterStanding(time);
        _linkPort = options.LinkAddress.Port;
        var planner = new MovePlanner(new MoveSettings());
        Keeper = new MapKeeperSettings(Describe, View, file, Standing, Interval, settings.MajorityTimeout);
        Map = new PartitionMapSettings(
            directory.ClusterId, settings.Partitions, View,
            new JournalSettings(
                journal.PrepareAsync, settings.SnapshotAfter, settings.MaxOutbox, new Backoff(settings.JournalMinBackoff, settings.JournalMaxBackoff), new JournalMetrics(registry, time)),
            new MapMetrics(registry, View, Standing), settings.Replicas, Math.Max(1, options.SeedNodes.Count), OpenDeadline, JournalDelay, options.Bootstrap,
            settings.MajorityTimeout + ClockMargin, Interval, (map, leaving) => planner.Plan(map, Standing.Now, leaving));
    }

    public Guid Id => _directory.ClusterId;

    public MapView View { get; }

    public ClusterStanding Standing { get; }

    public JournalDatabase Journal { get; }

    public MapKeeperSettings Keeper { get; private set; }

    public PartitionMapSettings Map { get; }

    /// <summary>True: this node makes a new cluster, and with it the first map.</summary>
    public bool Founds => View.Current is null
        && (_options.SeedNodes.Count == 0 || _options.Bootstrap || (_options.SeedNodes[0].Host == _options.AdvertisedHost && _options.SeedNodes[0].Port == _options.ClusterPort));

    /// <summary>True: nobody else has a map or a configuration, so this node's own files count.</summary>
    public bool BeginsAlone => Founds || (View.Current is { } known && FirstMap.IsAlone(known, View.Self.Node));

    /// <summary>What this node's copies have done tells the cluster what it may forget.</summary>
    public void Reports(FollowedDeletions followed) => Keeper = Keeper with { Deletions = map => followed.Of(map, View.Self.Node) };

    /// <summary>Where Control keeps the configuration, and what a node does with it.</summary>
    public ConfigurationRegistrySettings Registry(ConfigurationView view, INodeConfiguration node) =>
        new(_directory.ClusterId, View, view, node, Map.Journal with { SnapshotAfter = ConfigurationStates }, JournalDelay, Interval, ConfigurationPatience);

    /// <param name="journal">Where the map's journal is.</param>
    /// <returns>The node's part, and what is wrong with its map file, if anything.</returns>
    public static (NodeCluster Cluster, string? Problem) Create(
        NodeOptions options, NodeSettings settings, DataDirectory directory, WriterId writer, JournalDatabase journal, MetricRegistry registry, TimeProvider time)
    {
        var file = new MapFile(directory, DiskFiles.Instance);
        var (map, problem) = file.Read();
        var view = new MapView(new NodeIncarnation(new NodeId(directory.NodeId), writer.Value), map);
        return (new NodeCluster(options, settings, directory, file, view, journal, registry, time), problem);
    }

    /// <summary>Highest epoch that this node's disk has noted for its copy of a partition; null: there is none.</summary>
    public long? HeldEpoch(PartitionId partition) => _file.HeldEpoch(View.OnDisk, View.Self.Node, partition);

    /// <summary>Scheme and port that the endpoint for bulk turned out to have.</summary>
    public void ListensForLinks(string scheme, int port) => (_linkScheme, _linkPort) = (scheme, port);

    /// <summary>The configuration that this node begins with, on its disk when it counts: its own files when it is alone, what it used last, or none until the cluster tells it.</summary>
    public static ConfigurationVersion BeginConfiguration(bool alone, ConfigurationFile file, ConfigurationService node, NodeId self, ILogger log)
    {
        var (kept, problem) = file.Read();
        if (problem is not null)
            log.LogError("{Problem}; the node begins as if it had none", problem);
        var version = kept ?? ConfigurationVersion.None;
        if (alone && node.Own() is { } own)
            version = version.Next(own.Hash, self.ToString(), own.Bundle);
        if (version.Number == 0 || node.Install(version) is not null)
            return ConfigurationVersion.None;
        if (version != kept && file.Write(version) is { } notKept)
            log.LogError("The configuration: {Problem}", notKept);
        return version;
    }

    /// <summary>The actor system of this life of the node, from now on.</summary>
    public void Use(AkkaCluster akka) => _akka = akka;

    /// <summary>Addresses of members that some member does not hear at the moment.</summary>
    public IReadOnlySet<string> Unreachable => _akka is { IsTerminated: false } akka ? akka.State.Unreachable.Select(member => member.Address.ToString()).ToHashSet(StringComparer.Ordinal) : [];

    /// <summary>The membership has ended for good: nothing is acknowledged or called complete before there is another one.</summary>
    public void EndLife() => Standing.Lose();

    /// <summary>The next life, when nothing acts for the one before any more.</summary>
    public void BeginLife() => View.BeginLife(NewLife().Value);

    /// <summary>A new writer in each life: its batches are numbered from 1 again.</summary>
    public static WriterId NewLife() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>This node as others see it that look for the cluster.</summary>
    public Reached Reached() => new(
        View.Self.Node, _akka is { IsTerminated: false, SelfMember.Status: MemberStatus.Up }, View.Version, _akka?.SelfAddress.ToString() ?? "");

    /// <summary>The node forms its cluster: by itself it makes its map, or takes over what it held in its last life.</summary>
    public void Form()
    {
        var self = View.Self.Node;
        PartitionMap map;
        if (Founds)
            map = FirstMap.Create(_directory.ClusterId, _settings.Partitions, _settings.Replicas, Describe(), open: _options.SeedNodes.Count <= 1);
        else if (View.Current is { } known && FirstMap.IsAlone(known, self))
            map = FirstMap.Continue(known, Describe());
        else
            return;
        _file.Write(map, self);
        View.Publish(map);
    }

    private MapNode Describe() => new(
        View.Self.Node, View.Self.Incarnation, NodeState.Up, _options.Zone, _options.IsWitness ? 0 : 1, false, _akka!.SelfAddress.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{_linkScheme}://{_options.AdvertisedHost}:{_linkPort}"));
}
