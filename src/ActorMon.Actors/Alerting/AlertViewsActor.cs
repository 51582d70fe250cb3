using ActorMon.Alerting.Shards;
using Akka.Actor;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// One a node: keeps the node's view of silences and of the sources of inhibition. It asks the owners at every beat, which also wakes them, and is told of changes at once. The view is whole
/// when every owner has answered by the configuration in effect; one that begins anew (another life) is followed from its whole. What an owner that is silent has said holds on meanwhile.
/// Lost on a crash: the view; it is not whole until the owners have answered again.
/// </summary>
public sealed class AlertViewsActor : ReceiveActor, IWithTimers
{
    public const string Name = "alert-views";

    private readonly AlertingRuntime _runtime;
    private readonly IActorRef _region;
    private readonly (long Life, long Version)[] _shards;
    private readonly DateTimeOffset[] _heard;
    private (long Life, long Version) _silences;
    private ShardConfiguration? _configuration;

    public AlertViewsActor(AlertingRuntime runtime, IActorRef region)
    {
        (_runtime, _region) = (runtime, region);
        _shards = new (long, long)[runtime.Shards];
        _heard = new DateTimeOffset[runtime.Shards];
        Receive<Beat>(_ => OnBeat());
        Receive<ShardSources>(OnSources);
        Receive<SilencesChanged>(OnSilences);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AlertingRuntime runtime, IActorRef region) => Akka.Actor.Props.Create(() => new AlertViewsActor(runtime, region));

    protected override void PreStart()
    {
        _runtime.Views.SetWhole(false);
        Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, TimeSpan.Zero, _runtime.Beat);
    }

    protected override void PostStop() => _runtime.Views.SetWhole(false);

    private void OnBeat()
    {
        if (_runtime.Configuration()?.Shards is not { } current)
            return;
        if (_configuration?.Version != current.Version)
        {
            // The rules say what a source is: what is known by others is not all.
            _configuration = current;
            Array.Clear(_shards);
            foreach (var integration in current.Config.Receivers.SelectMany(receiver => receiver.Integrations))
                _runtime.Metrics.Show(integration.Type);
            _runtime.Views.Begin(current);
        }
        var now = _runtime.Time.GetUtcNow();
        _runtime.Views.Prune(now, shard => now - _heard[shard] < _runtime.ViewPatience ? _heard[shard] : now);
        _region.Tell(new WatchSilences(_silences.Life, _silences.Version), Self);
        for (var shard = 0; shard < _shards.Length; shard++)
            _region.Tell(new WatchShard(shard, current.Version, _shards[shard].Life, _shards[shard].Version), Self);
    }

    private void OnSources(ShardSources sources)
    {
        if (_configuration?.Version != sources.ConfigurationVersion || sources.Shard >= _shards.Length)
            return;
        var now = _runtime.Time.GetUtcNow();
        if (sources.Life == 0)
        {
            _runtime.Views.Observe(sources.Shard, sources.Alerts, isWhole: false, now);
            return;
        }
        var known = _shards[sources.Shard];
        if (!Follows(known, sources.Life, sources.Version, sources.IsWhole))
            return;
        _runtime.Views.Observe(sources.Shard, sources.Alerts, sources.IsWhole, now);
        _shards[sources.Shard] = (sources.Life, sources.Version);
        _heard[sources.Shard] = now;
        SetWhole();
    }

    private void OnSilences(SilencesChanged changed)
    {
        if (!Follows(_silences, changed.Life, changed.Version, changed.IsWhole))
            return;
        _runtime.Views.Change(changed.Change, changed.IsWhole);
        _silences = (changed.Life, changed.Version);
        SetWhole();
    }

    /// <summary>A whole counts unless it is older than what is known; a change only right after what is known. What was missed comes with the next beat.</summary>
    private static bool Follows((long Life, long Version) known, long life, long version, bool isWhole) =>
        isWhole ? life != known.Life || version >= known.Version : life == known.Life && version - known.Version is 0 or 1;

    private void SetWhole()
    {
        if (_configuration is not null && _silences.Life != 0 && !Array.Exists(_shards, s => s.Life == 0))
            _runtime.Views.SetWhole(true);
    }

    private sealed class Beat : Akka.Actor.INoSerializationVerificationNeeded, Akka.Event.IDeadLetterSuppression
    {
        public static readonly Beat Instance = new();
    }
}
