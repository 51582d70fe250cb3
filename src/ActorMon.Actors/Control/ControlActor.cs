using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Control;

/// <param name="Partitions">P.</param>
/// <param name="ScrapeShards">Number of scrape shards.</param>
/// <param name="TouchInterval">How often entities that have not answered are called again.</param>
public sealed record ControlSettings(int Partitions, int ScrapeShards, TimeSpan TouchInterval);

/// <summary>
/// The cluster's one Control. Wakes every partition replica and scrape shard (sharding remembers no entities: Control does) and owns discovery: the
/// <c>discovery</c> child is told of configurations and of the state of every shard. Holds nothing that a restart could lose.
/// </summary>
public sealed class ControlActor : ReceiveActor, IWithTimers
{
    private const string TouchTimer = "touch";

    private readonly ControlSettings _settings;
    private readonly IActorRef _replicaRegion;
    private readonly IActorRef _shardRegion;
    private readonly Props _discovery;
    private readonly HashSet<ReplicaId> _serving = [];
    private readonly HashSet<int> _shards = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _discoveryManager = ActorRefs.Nobody;
    private string? _lastFailure;

    public ControlActor(ControlSettings settings, IActorRef replicaRegion, IActorRef shardRegion, Props discovery)
    {
        _settings = settings;
        _replicaRegion = replicaRegion;
        _shardRegion = shardRegion;
        _discovery = discovery;

        Receive<SeriesProtocol.ReplicaServing>(m => _serving.Add(m.Replica));
        Receive<SeriesProtocol.ReplicaFailed>(OnReplicaFailed);
        Receive<ScrapingProtocol.ShardState>(OnShardState);
        Receive<ControlProtocol.ConfigurationInstalled>(m => _discoveryManager.Forward(m));
        Receive<ControlProtocol.GetControlState>(_ => Sender.Tell(new ControlProtocol.ControlState(
            _serving.Count, _settings.Partitions, _shards.Count, _settings.ScrapeShards, _lastFailure)));
        Receive<TouchAll>(_ => Touch());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ControlSettings settings, IActorRef replicaRegion, IActorRef shardRegion, Props discovery) =>
        Akka.Actor.Props.Create(() => new ControlActor(settings, replicaRegion, shardRegion, discovery));

    protected override void PreStart()
    {
        _discoveryManager = Context.ActorOf(_discovery, "discovery");
        Touch();
        Timers.StartPeriodicTimer(TouchTimer, TouchAll.Instance, _settings.TouchInterval);
    }

    /// <summary>Calls those that have not answered. Later changes of place are followed by the regions and the shards' own reports.</summary>
    private void Touch()
    {
        for (var p = 0; p < _settings.Partitions; p++)
        {
            var replica = new ReplicaId(new PartitionId(p), 0);
            if (!_serving.Contains(replica))
                _replicaRegion.Tell(new SeriesProtocol.Touch(replica));
        }
        for (var shard = 0; shard < _settings.ScrapeShards; shard++)
            if (!_shards.Contains(shard))
                _shardRegion.Tell(new ScrapingProtocol.TouchShard(shard));
    }

    private void OnReplicaFailed(SeriesProtocol.ReplicaFailed failed)
    {
        _serving.Remove(failed.Replica);
        if (_lastFailure != failed.Error)
            _log.Error("Partition {Replica} cannot serve: {Error}", failed.Replica, failed.Error);
        _lastFailure = failed.Error;
    }

    private void OnShardState(ScrapingProtocol.ShardState state)
    {
        _shards.Add(state.Shard);
        _discoveryManager.Forward(state);
    }

    private sealed class TouchAll : INoSerializationVerificationNeeded
    {
        public static readonly TouchAll Instance = new();
    }
}
