using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using ActorMon.Tsdb;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>
/// One copy of a partition: the single writer of its directory. States: Opening (recovery runs on the pool; writes wait) -> Serving, or Failed (waits out its back-off,
/// then Opening again). Batches that wait in the mailbox are gathered into one WAL write; each is acknowledged after the view that shows it was published. When the log
/// fails, the store is closed and opened again, which cuts what was not written whole; what was published before stays readable meanwhile.
/// Lost on restart: nothing acknowledged; the log is replayed. Batches that wait here are: the actor has another session then, and the link hands them over again. One at
/// which the actor crashes each time is set aside.
/// </summary>
public sealed partial class PartitionReplicaActor : ReceiveActor, IWithTimers
{
    private const string MaintainTimer = "maintain";
    private const string RetryTimer = "retry";

    private readonly ReplicaId _id;
    private readonly PartitionReplicaSettings _settings;
    private readonly long _session = Random.Shared.NextInt64(1, long.MaxValue);

    // Bounded by the links: each hands over a batch once a session and has at most max-unacknowledged of them.
    private readonly List<PendingWrite> _pending = [];
    private readonly HashSet<IActorRef> _callers = [];
    private readonly BatchTrials _trials;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SampleBatch[] _batches = [];
    private AppendResult[] _results = [];
    private StoreOpening? _opening;
    private PartitionStore? _store;
    private PartitionStore? _shown;
    private ServingReplica? _announced;
    private bool _flushAsked;
    private bool _restarting;

    // The last store could not write its log.
    private bool _isUnwritable;
    private int _failures;

    public PartitionReplicaActor(string id, PartitionReplicaSettings settings, BatchTrials trials)
    {
        _trials = trials;
        if (!ReplicaId.TryParse(id, out _id))
            throw new ArgumentException($"\"{id}\" is not a replica p/r", nameof(id));
        _settings = settings;
        Opening();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string id, PartitionReplicaSettings settings)
    {
        var trials = new BatchTrials();
        return Akka.Actor.Props.Create(() => new PartitionReplicaActor(id, settings, trials)).WithDispatcher(settings.Dispatcher);
    }

    protected override void PreStart()
    {
        _settings.Metrics.ReplicaStarts.Add();
        Open();
        Timers.StartPeriodicTimer(MaintainTimer, Maintain.Instance, _settings.MaintainInterval);
    }

    /// <summary>What was handed over before the stop is written: its flush would have come after it.</summary>
    protected override void PostStop()
    {
        if (_store is not null)
            OnFlush();
        if (_announced is { } announced)
            _settings.Table.Retract(announced);
        if (_shown is { } shown)
            _settings.Table.Withdraw(shown);
        // Between a crash and the next start its series stay counted and known.
        if (!_restarting)
            _settings.Options(_id.Partition).Accounts?.Leave(_id.Partition);
        if (_store is null)
            _opening?.Abandon();
        Close();
    }

    /// <summary>After a crash nothing is flushed: what waited may be what crashed it, and the link sends all of it again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _pending.Clear();
        _trials.Crashed();
        _restarting = true;
        base.PreRestart(reason, message);
    }

    // ----- behaviours

    private void Opening()
    {
        Receive<Opened>(OnOpened, opened => ReferenceEquals(opened.Opening, _opening));
        Receive<OpenFailed>(OnOpenFailed, failed => ReferenceEquals(failed.Opening, _opening));
        Receive<Retry>(_ => { });
        Away();
    }

    private void Failed()
    {
        Receive<Retry>(_ =>
        {
            Become(Opening);
            Open();
        });
        Away();
    }

    private void Away()
    {
        Receive<Touch>(_ =>
        {
            // In a block: Add's answer must not become this handler's, false would mean unhandled.
            _callers.Add(Sender);
        });
        Receive<Write>(OnEarlyWrite);
        Receive<Flush>(_ => { });
        Receive<Maintain>(_ => { });
        AdminWhileAway();
        CopiesWhileAway();
        StorageWorkWhileAway();
        IgnoreOpenings();
    }

    private void Serving()
    {
        Receive<Write>(OnWrite);
        Receive<Flush>(_ => OnFlush());
        Receive<Touch>(_ => Sender.Tell(new ReplicaServing(_id, Self, _session)));
        Receive<Maintain>(_ => OnMaintain());
        Receive<Retry>(_ => { });
        AdminWhileServing();
        CopiesWhileServing();
        StorageWorkWhileServing();
        IgnoreOpenings();
    }

    /// <summary>Ends of attempts that this actor began before it was restarted; they were abandoned.</summary>
    private void IgnoreOpenings()
    {
        Receive<Opened>(_ => { });
        Receive<OpenFailed>(_ => { });
    }

    // ----- opening

    private void Open()
    {
        var opening = _opening = new StoreOpening(_settings, _settings.Options(_id.Partition), probe: _isUnwritable);
        opening.RunAsync().PipeTo(Self, success: () => new Opened(opening), failure: cause => new OpenFailed(opening, cause));
    }

    private void OnOpened(Opened opened)
    {
        _store = opened.Opening.Take();
        _shown = _store;
        var recovery = _store.Recovery;
        if (recovery.Batches > 0 || recovery.Damage.Count > 0)
            _log.Info(
                "Partition {Replica} recovered {Samples} samples from {Segments} WAL segments in {Duration} ({How})", _id, recovery.Samples, recovery.Segments,
                recovery.Duration, recovery.CleanShutdown ? "clean stop" : "not stopped cleanly");
        foreach (var damage in recovery.Damage)
        {
            _log.Warning("Partition {Replica}: {Damage}", _id, damage);
            // A torn end was never acknowledged.
            if (damage.SetAsideAs is not null)
                _settings.Damaged(_id.Partition);
        }
        _damageReported = 0;
        ReportDamage();
        _isUnwritable = false;
        _settings.Unwritable(_id.Partition, false);
        // Nothing that was deleted while it was away is shown.
        FollowDeletions();
        _settings.WalSync.Add(_store);
        _settings.Table.Serve(_store);
        _settings.Table.Announce(_announced = new ServingReplica(_id, Self, _session));
        Become(Serving);
        foreach (var caller in _callers)
            caller.Tell(new ReplicaServing(_id, Self, _session));
        _callers.Clear();
        if (_pending.Count > 0)
            AskFlush();
    }

    private void OnOpenFailed(OpenFailed failed)
    {
        var cause = failed.Cause;
        var backoff = NextBackoff();
        _log.Error(cause, "Partition {Replica} cannot be opened; next try in {Backoff}", _id, backoff);
        foreach (var caller in _callers)
            caller.Tell(new ReplicaFailed(_id, cause.Message));
        Become(Failed);
        Timers.StartSingleTimer(RetryTimer, Retry.Instance, backoff);
    }

    /// <summary>Doubles until a batch is stored: a directory that opens but cannot be written to is no progress.</summary>
    private TimeSpan NextBackoff() => new Backoff(_settings.MinBackoff, _settings.MaxBackoff).After(_failures++);

    /// <summary>Ends writing. The table goes on showing what was published.</summary>
    private void Close()
    {
        if (_store is not { } store)
            return;
        _store = null;
        GiveUpCleaning();
        _settings.WalSync.Remove(store);
        _opening!.Close(store);
    }

    private sealed record Opened(StoreOpening Opening) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record OpenFailed(StoreOpening Opening, Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class Maintain : INoSerializationVerificationNeeded
    {
        public static readonly Maintain Instance = new();
    }

    private sealed class Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}
