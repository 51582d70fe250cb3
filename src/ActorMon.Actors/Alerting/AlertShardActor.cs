using ActorMon.Actors.Dispatch;
using ActorMon.Actors.Journal;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Shards;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Alerting.AlertingProtocol;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// The one owner of the groups of a shard, wherever it runs. Recovering (until its journal has told what was, or for at most the patience) -> Running: takes alerts, flushes groups at their
/// times, and has a child send each notification once it is written that it is about to. Lost on a crash: what was decided and not written; it is decided again.
/// </summary>
public sealed partial class AlertShardActor : ReceiveActor, IWithTimers
{
    private const string PatienceTimer = "patience";
    private static readonly TimeSpan HandOffPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CollectInterval = TimeSpan.FromMinutes(1);

    private readonly int _number;
    private readonly string _name;
    private readonly AlertingRuntime _runtime;
    private readonly IActorRef _region;
    private AlertShard _shard;
    private readonly Subscribers _subscribers = new();
    private readonly Queue<(TakeAlerts Message, IActorRef Sender)> _early = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ITimer? _timer;
    private string _waitsFor = "";
    private DateTimeOffset? _withoutViewsSince;
    private DateTimeOffset _begunAt;
    private DateTimeOffset _collected;
    private DateTimeOffset _counted;
    private bool _hasBegun;
    private bool _isHandingOff;

    public AlertShardActor(int number, AlertingRuntime runtime, IActorRef region)
    {
        (_number, _runtime, _region) = (number, runtime, region);
        _name = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _shard = NewShard();
        Receive<TakeAlerts>(OnTake);
        Receive<WatchShard>(OnWatch);
        Receive<FindMatches>(OnFindMatches);
        Receive<AlertBoard.Look>(look => Sender.Tell(new AlertBoard.Seen(_hasBegun ? look.At(_shard) : null)));
        Receive<Due>(_ => OnDue());
        Receive<SendActor.Ended>(OnEnded);
        Receive<Terminated>(OnTerminated);
        Receive<HandOff>(_ => OnHandOff());
        Receive<HandOffOverdue>(_ => Context.Stop(Self));
        Receive<RecoveryOverdue>(_ => OnRecoveryOverdue());
        Receive<RecoveryStarted>(_ => OnRecoveryStarted());
        Receive<Recovered>(OnRecovered);
        Receive<RecoveryEnded>(_ => OnRecoveryEnded());
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(OnNotPersisted);
        Receive<JournalState>(OnJournalState);
        Receive<JournalTaken>(m => throw new AlertJournalException($"another owner of the shard has written to journal {m.PersistenceId}"));
        Receive<GetState>(_ => OnGetState());
        Receive<WriteNow>(_ => WriteTaken());
        // Of the region, in answer to what was handed over.
        Receive<AlertsAccepted>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _runtime.Time.GetUtcNow();

    public static Props Props(int number, AlertingRuntime runtime, IActorRef region) => Akka.Actor.Props.Create(() => new AlertShardActor(number, runtime, region));

    protected override void PreStart()
    {
        var self = Self;
        _timer = _runtime.Time.CreateTimer(static state => HandOnExecutor.TellLast((IActorRef)state!, Due.Instance), self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _journal = Context.Watch(Context.ActorOf(JournalActor.Props(ShardJournal.PersistenceId(_runtime.Cluster, _number), _runtime.Journal), "journal"));
        _runtime.Board.Add(_number, self);
        Timers.StartSingleTimer(PatienceTimer, RecoveryOverdue.Instance, _runtime.Patience);
        Arm();
    }

    protected override void PostStop()
    {
        _log.Debug("Alertmanager shard {Shard} ends; {Written} writes, {Persisted} of them durable, {Senders} notifications being sent", _number, _written, _persisted, _senders.Count);
        _timer?.Dispose();
        _runtime.Board.Remove(_number, Self);
        _runtime.Metrics.Groups.Remove(_name);
        _runtime.Metrics.RemoveAlerts(_number);
        _runtime.Metrics.Waiting.Remove(_name);
    }

    private AlertShard NewShard() => new(_number, _runtime.Shards, _runtime.LogRetention);

    // ----- alerts

    private void OnTake(TakeAlerts take)
    {
        if (!_hasBegun)
        {
            if (_early.Count < _runtime.MaxWaiting)
                _early.Enqueue((take, Sender));
            return;
        }
        var started = _runtime.Time.GetTimestamp();
        Take(take, Sender);
        _runtime.Metrics.Processing.Observe(_runtime.Time.GetElapsedTime(started).TotalSeconds);
        Arm();
    }

    private void Take(TakeAlerts take, IActorRef from)
    {
        FollowConfiguration();
        var decision = _shard.Decide(take.Alerts, Now);
        _shard.Apply(decision.Taken);
        if (decision.Durable is { } durable)
        {
            WriteSoon(durable);
            NoteTaken(durable.Alerts, durable.At);
        }
        Publish(decision.Taken.Alerts);
        // Whoever routed by an earlier configuration may have missed a shard.
        if (take.ConfigurationVersion < _shard.Configuration!.Version)
            PassOn(take.Alerts);
        Answer(from, new AlertsAccepted(_number, take.Correlation), isRepeated: take.Alerts.All(static alert => !alert.EndsByTimeout));
    }

    private void PassOn(IEnumerable<Alert> alerts)
    {
        foreach (var (shard, list) in _shard.Elsewhere(alerts))
            _region.Tell(new TakeAlerts(shard, _shard.Configuration!.Version, 0, list), Self);
    }

    private void FollowConfiguration()
    {
        if (_runtime.Configuration()?.Shards is not { } current || current.Version == _shard.Configuration!.Version)
            return;
        _shard.Use(current, Now);
        PassOn(_shard.Alerts);
    }

    // ----- sources of inhibition

    private void OnWatch(WatchShard watch)
    {
        if (!_hasBegun)
            return;
        FollowConfiguration();
        if (_shard.Configuration!.Version != watch.ConfigurationVersion)
            return;
        if (!_isPastKnown && Now - _begunAt < _runtime.ViewPatience)
        {
            // No view is whole by what it says: what it held back before it does not know yet.
            Sender.Tell(new ShardSources(_number, watch.ConfigurationVersion, 0, 0, false, ActiveSources()));
            return;
        }
        var lacks = _subscribers.Add(Context, Sender, watch.Life, watch.Version);
        Sender.Tell(new ShardSources(
            _number, watch.ConfigurationVersion, _subscribers.Life, _subscribers.Version, lacks, lacks ? ActiveSources() : []));
    }

    private Alert[] ActiveSources() => [.. Sources(_shard.Alerts).Where(a => !a.IsResolved(Now))];

    /// <summary>Before it knows its past it cannot tell that an alert is not there.</summary>
    private void OnFindMatches(FindMatches find)
    {
        if (_hasBegun && _isPastWhole)
            Sender.Tell(new MatchesFound(_number, find.Round, _shard.Matching(find.Silences, Now), _shard.Firing(find.Acknowledged, Now)));
    }

    private IEnumerable<Alert> Sources(IEnumerable<Alert> alerts)
    {
        var rules = _shard.Configuration!.Config.InhibitRules;
        return rules.Count == 0 ? [] : alerts.Where(alert => rules.Any(rule => rule.Source.Matches(alert.Labels)));
    }

    private void Publish(IEnumerable<Alert> changed)
    {
        Alert[] sources = [.. Sources(changed)];
        if (sources.Length > 0)
            _subscribers.Tell(new ShardSources(_number, _shard.Configuration!.Version, _subscribers.Life, _subscribers.Next(), false, sources));
    }

    // ----- time

    private void Arm()
    {
        var wait = _runtime.Beat;
        if (_hasBegun && _waitsFor.Length == 0 && _shard.NextDue is { } due && due - Now < wait)
            wait = due - Now;
        _timer!.Change(wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void OnDue()
    {
        if (_hasBegun && !_isHandingOff)
        {
            FollowConfiguration();
            SendNext();
            var now = Now;
            if (MayFlush(now))
                while (_shard.TakeDue(now) is { } group)
                    if (_runtime.Views.AskRegister((inhibitor, register) => _shard.Flush(group, inhibitor, register.Silences, now, register.Acknowledged)) is { } flushed)
                    {
                        NoteHeld(flushed, now);
                        if (flushed.Events.Count > 0)
                            Happen(flushed.Events);
                    }
            if (now - _collected >= CollectInterval)
            {
                _collected = now;
                _shard.Collect(now);
                CollectHeld();
            }
            _runtime.Metrics.Groups.With(_name).Set(_shard.Groups.Count);
            if (now - _counted >= _runtime.Beat)
            {
                _counted = now;
                _runtime.Metrics.SetAlerts(_number, _shard.Count());
            }
        }
        else if (!_hasBegun)
            TryBegin();
        Arm();
    }

    // ----- ends

    private void OnHandOff()
    {
        _isHandingOff = true;
        _sends.Clear();
        WriteTaken();
        Timers.StartSingleTimer(nameof(HandOffOverdue), HandOffOverdue.Instance, HandOffPatience);
        FinishHandOff();
    }

    /// <summary>The next owner begins with what the journal has: it should have everything. What is being sent may end.</summary>
    private void FinishHandOff()
    {
        if (_isHandingOff && _senders.Count == 0 && (_written == _persisted || _journalError is not null))
            Context.Stop(Self);
    }

    private sealed class Due : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Due Instance = new();
    }

    private sealed class WriteNow : INoSerializationVerificationNeeded
    {
        public static readonly WriteNow Instance = new();
    }

    private sealed class RecoveryOverdue : INoSerializationVerificationNeeded
    {
        public static readonly RecoveryOverdue Instance = new();
    }

    private sealed class HandOffOverdue : INoSerializationVerificationNeeded
    {
        public static readonly HandOffOverdue Instance = new();
    }
}
