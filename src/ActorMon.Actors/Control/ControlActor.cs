using ActorMon.Actors.Control.Allocation;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Rules;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Control;

/// <param name="ScrapeShards">Number of scrape shards.</param>
/// <param name="TouchInterval">How often entities that have not answered are called again.</param>
/// <param name="Loads">Told how much each scrape shard has to do.</param>
public sealed record ControlSettings(int ScrapeShards, TimeSpan TouchInterval, ShardLoads Loads);

/// <summary>
/// The cluster's one Control. Wakes every partition replica of the map and every scrape shard (sharding remembers no entities: Control does). Its children: <c>map</c>, which
/// says what replicas there are, <c>configuration</c>, the cluster's one version of it, <c>discovery</c>, which is told of configurations and of the state of every shard, and
/// <c>rules</c>, which wakes the rule groups. One that stops, alone or with its node, is called again. Holds nothing that a restart could lose: map and configuration are in their journals.
/// </summary>
public sealed class ControlActor : ReceiveActor, IWithTimers
{
    private const string TouchTimer = "touch";

    private readonly ControlSettings _settings;
    private readonly Func<string, ICanTell> _keeperAt;
    private readonly IActorRef _shardRegion;
    private readonly Props _map;
    private readonly Props _configuration;
    private readonly Props _discovery;
    private readonly Props _rules;
    private readonly Dictionary<ReplicaId, IActorRef> _serving = [];
    private readonly Dictionary<int, IActorRef> _shards = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _discoveryManager = ActorRefs.Nobody;
    private IActorRef _ruleCoordinator = ActorRefs.Nobody;
    private IActorRef _partitionMap = ActorRefs.Nobody;
    private IActorRef _configurationRegistry = ActorRefs.Nobody;

    // Copies that the map wants to take batches, on nodes that are there, with their addresses.
    private Dictionary<ReplicaId, string> _wanted = [];
    // The failures that stand, by replica; the newest last.
    private readonly List<(ReplicaId Replica, string Error)> _failures = [];

    /// <param name="keeperAt">The CopyKeeper of the node at an address. It calls the copy if its own map has it there: sharding keeps a call to a copy that is nowhere for ever.</param>
    public ControlActor(ControlSettings settings, Func<string, ICanTell> keeperAt, IActorRef shardRegion, Props map, Props configuration, Props discovery, Props rules)
    {
        _settings = settings;
        _keeperAt = keeperAt;
        _shardRegion = shardRegion;
        _map = map;
        _configuration = configuration;
        _discovery = discovery;
        _rules = rules;

        Receive<MapProtocol.IToPartitionMap>(m => _partitionMap.Forward(m));
        Receive<ConfigurationProtocol.IToConfigurationRegistry>(m => _configurationRegistry.Forward(m));
        Receive<MapProtocol.MapApplied>(m =>
        {
            _configurationRegistry.Tell(m);
            OnMap(m.Map);
        });
        Receive<SeriesProtocol.ReplicaServing>(OnReplicaServing);
        Receive<SeriesProtocol.ReplicaFailed>(OnReplicaFailed);
        Receive<ScrapingProtocol.ShardState>(OnShardState);
        Receive<ControlProtocol.ConfigurationInstalled>(m =>
        {
            _discoveryManager.Forward(m);
            _ruleCoordinator.Forward(m);
        });
        Receive<RuleProtocol.GroupReport>(m => _ruleCoordinator.Forward(m));
        Receive<ControlProtocol.GetControlState>(_ => Sender.Tell(new ControlProtocol.ControlState(
            _serving.Keys.Count(_wanted.ContainsKey), _wanted.Count, _shards.Count, _settings.ScrapeShards, _failures.Count == 0 ? null : _failures[^1].Error)));
        Receive<TouchAll>(_ => Touch());
        Receive<Terminated>(OnTerminated);
        Receive<ControlProtocol.StandDown>(_ =>
        {
            Timers.CancelAll();
            Context.Stop(_discoveryManager);
            Context.Stop(_ruleCoordinator);
            Context.Stop(_partitionMap);
            Context.Stop(_configurationRegistry);
            Become(StandingDown);
        });
    }

    /// <summary>The node stops: a region that had messages for an entity would not end.</summary>
    private void StandingDown() => ReceiveAny(_ => { });

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ControlSettings settings, Func<string, ICanTell> keeperAt, IActorRef shardRegion, Props map, Props configuration, Props discovery, Props rules) =>
        Akka.Actor.Props.Create(() => new ControlActor(settings, keeperAt, shardRegion, map, configuration, discovery, rules));

    protected override void PreStart()
    {
        _configurationRegistry = Context.ActorOf(_configuration, "configuration");
        _partitionMap = Context.ActorOf(_map, "map");
        _discoveryManager = Context.ActorOf(_discovery, "discovery");
        _ruleCoordinator = Context.ActorOf(_rules, "rules");
        Touch();
        Timers.StartPeriodicTimer(TouchTimer, TouchAll.Instance, _settings.TouchInterval);
    }

    /// <summary>Calls those that have not answered. Those that did are watched.</summary>
    private void Touch()
    {
        foreach (var (replica, node) in _wanted)
            if (!_serving.ContainsKey(replica))
                _keeperAt(node).Tell(new SeriesProtocol.Touch(replica), Self);
        for (var shard = 0; shard < _settings.ScrapeShards; shard++)
            if (!_shards.ContainsKey(shard))
                _shardRegion.Tell(new ScrapingProtocol.TouchShard(shard));
    }

    private void OnMap(PartitionMap map)
    {
        _wanted = [];
        for (var p = 0; p < map.Partitions.Length; p++)
            foreach (var copy in map.Partitions[p].Copies)
                // One that came back is read by those that merge it.
                if ((copy.IsReceiver || copy.State == CopyState.Returned) && map.IsUp(copy.Holder))
                    _wanted.Add(new ReplicaId(new PartitionId(p), copy.Slot), map.Nodes[copy.Node].Address);
        foreach (var (replica, writer) in _serving)
            if (!_wanted.ContainsKey(replica))
            {
                Context.Unwatch(writer);
                _serving.Remove(replica);
            }
        _failures.RemoveAll(f => !_wanted.ContainsKey(f.Replica));
        Touch();
    }

    private void OnReplicaServing(SeriesProtocol.ReplicaServing serving)
    {
        Follow(_serving, serving.Replica, serving.Writer);
        _failures.RemoveAll(f => f.Replica == serving.Replica);
    }

    private void OnReplicaFailed(SeriesProtocol.ReplicaFailed failed)
    {
        if (_serving.Remove(failed.Replica, out var writer))
            Context.Unwatch(writer);
        if (!_failures.Contains((failed.Replica, failed.Error)))
            _log.Error("Partition {Replica} cannot serve: {Error}", failed.Replica, failed.Error);
        _failures.RemoveAll(f => f.Replica == failed.Replica);
        _failures.Add((failed.Replica, failed.Error));
    }

    private void OnShardState(ScrapingProtocol.ShardState state)
    {
        Follow(_shards, state.Shard, Sender);
        _settings.Loads.Report(state.Shard, state.Targets);
        _discoveryManager.Forward(state);
    }

    private void Follow<T>(Dictionary<T, IActorRef> known, T id, IActorRef entity) where T : notnull
    {
        if (known.TryGetValue(id, out var before))
        {
            if (before.Equals(entity))
                return;
            Context.Unwatch(before);
        }
        known[id] = Context.Watch(entity);
    }

    private void OnTerminated(Terminated terminated)
    {
        Forget(_serving, terminated.ActorRef);
        Forget(_shards, terminated.ActorRef);
    }

    private static void Forget<T>(Dictionary<T, IActorRef> known, IActorRef entity) where T : notnull
    {
        foreach (var (id, reference) in known)
            if (reference.Equals(entity))
                known.Remove(id);
    }

    private sealed class TouchAll : INoSerializationVerificationNeeded
    {
        public static readonly TouchAll Instance = new();
    }
}
