using ActorMon.Actors.Control;
using ActorMon.Actors.Dispatch;
using ActorMon.Actors.Journal;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Rules;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Memory;
using ActorMon.Rules.Reload;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using static ActorMon.Protocol.Journal.JournalProtocol;
using static ActorMon.Protocol.Rules.RuleProtocol;

namespace ActorMon.Actors.Rules;

/// <summary>
/// The one evaluator of a rule group, wherever it runs. Recovering (until its journal has told what was, or for at most the patience) -> Waiting for the group's next time ->
/// Evaluating, off the mailbox -> Waiting. The group's rules are those of the node's configuration, looked at before every evaluation; a group that is no more ends its series two
/// intervals later and stops. Lost on a crash: values and annotations since the last transition; what was decided is in the journal, or is decided again.
/// </summary>
public sealed partial class RuleGroupActor : ReceiveActor, IWithTimers
{
    private const string PatienceTimer = "patience";
    private const string HandOffTimer = "hand-off";

    /// <summary>What the journal has to take in the last transitions before the group is handed on without.</summary>
    private static readonly TimeSpan HandOffPatience = TimeSpan.FromSeconds(3);

    private readonly string _id;
    private readonly RuleRuntime _runtime;
    private readonly RuleLinks _links;
    private readonly RuleAppender _appender;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;

    // The configuration that the group should run by at least, and the one it runs by.
    private long _touched;
    private long _version;

    // The group as it runs; null before the journal has been heard.
    private ConfiguredGroup? _configured;
    private GroupEvaluator? _evaluator;
    private bool _isRecovered;
    private bool _isEvaluating;
    private bool _isHandingOff;

    // Since when the group is no more, by the configuration; its series end two intervals later.
    private TimestampMs? _removedAt;
    private TimestampMs _next;
    private TimeSpan _lastDuration;

    public RuleGroupActor(string id, RuleRuntime runtime, RuleLinks links)
    {
        (_id, _runtime, _links) = (id, runtime, links);
        _appender = new RuleAppender(runtime, links.Ingest);
        _memory = new GroupMemory(runtime.History);
        _history = _memory.History;
        Receive<TouchGroup>(OnTouch);
        Receive<Due>(_ => OnDue());
        Receive<Evaluated>(OnEvaluated);
        Receive<EvaluationFailed>(OnFailed);
        Receive<Retired>(_ => OnRetired());
        Receive<HandOff>(_ => OnHandOff());
        Receive<HandOffOverdue>(_ => Context.Stop(Self));
        Receive<RecoveryOverdue>(_ => OnOverdue());
        Receive<RecoveryStarted>(_ => OnRecoveryStarted());
        Receive<Recovered>(OnRecoveredRecord);
        Receive<RecoveryEnded>(OnRecoveryEnded);
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(OnNotPersisted);
        Receive<JournalState>(OnJournalState);
        Receive<JournalTaken>(m => throw new RuleJournalException($"another evaluator of the group has written to journal {m.PersistenceId}"));
        Receive<GetState>(_ => OnGetState());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string id, RuleRuntime runtime, RuleLinks links) => Akka.Actor.Props.Create(() => new RuleGroupActor(id, runtime, links));

    protected override void PreStart()
    {
        var self = Self;
        _timer = _runtime.Time.CreateTimer(
            static state => HandOnExecutor.TellLast((IActorRef)state!, Due.Instance), self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _journal = Context.ActorOf(JournalActor.Props(RuleJournal.PersistenceId(_runtime.Cluster, _id), _runtime.Journal), "journal");
        Timers.StartSingleTimer(PatienceTimer, RecoveryOverdue.Instance, _runtime.RecoveryPatience);
    }

    protected override void PostStop()
    {
        _timer?.Dispose();
        _stopping.Cancel();
        Leave();
    }

    // ----- configuration

    private void OnTouch(TouchGroup touch)
    {
        _touched = Math.Max(_touched, touch.ConfigurationVersion);
        if (!_isEvaluating)
            Follow();
        Report();
    }

    private void Report() => _links.Control.Tell(new GroupReport(_id, _version, _configured?.Group.Rules.Count ?? 0), Self);

    /// <summary>Brings the group in line with the node's configuration. Not while an evaluation runs.</summary>
    private void Follow()
    {
        var current = _runtime.Configuration.Current;
        if (!_isRecovered || _isHandingOff || current.Version == _version || current.Version < _touched)
            return;
        if (current.Rules.Find(_id) is { } wanted)
            Run(wanted, current.Rules);
        else if (_configured is null)
        {
            // It was removed before it began here.
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
            return;
        }
        else if (_removedAt is null)
            Remove();
        _version = current.Version;
        Report();
    }

    private void Run(ConfiguredGroup wanted, RuleConfiguration rules)
    {
        GroupState state;
        if (_configured is not { } before || _evaluator is not { } running)
            state = Begin(wanted, rules);
        else if (before.Group.SameAs(wanted.Group))
            state = running.State;
        else
            state = GroupInheritance.Inherit(before.Group, running.State, wanted.Group);
        var sameTimes = _configured is { } known && known.Group.Interval == wanted.Group.Interval && _removedAt is null;
        _removedAt = null;
        _configured = wanted;
        _evaluator = new GroupEvaluator(wanted.Group, state, rules.Settings, _runtime.Queries, _appender);
        _runtime.Metrics.Began(wanted.Group.Key, wanted.Group.Interval, wanted.Group.Rules.Count);
        Publish();
        if (!sameTimes)
            Arm(wanted.Schedule.Next(Now()));
    }

    private GroupState Begin(ConfiguredGroup wanted, RuleConfiguration rules)
    {
        if (_hasJournalTold && _memory is { At: { } } memory)
        {
            var state = memory.ToState(wanted.Group);
            state.MarkRestored();
            // Data may have been away as long as the evaluator; whoever scraped it is being replaced, too.
            var interval = wanted.Group.Interval + wanted.Group.Interval;
            state.ListensUntil = Now() + (interval > rules.Silence ? interval : rules.Silence);
            _memory = null;
            return state;
        }
        // The next start finds that the group ran here before.
        _isStateOwed = true;
        if (_hasJournalTold)
            _memory = null;
        return new GroupState(wanted.Group, restore: true);
    }

    private void Remove()
    {
        _log.Info("Rule group {Group} is no more in the configuration; its series end", _configured!.Group.Key);
        _removedAt = Now();
        Leave();
        Arm(_removedAt.Value + (2 * _configured.Group.Interval));
    }

    private void Leave()
    {
        _runtime.Board.Remove(_id);
        if (_configured is { } configured)
            _runtime.Metrics.Forget(configured.Group.Key);
    }

    // ----- time

    private void Arm(TimestampMs next)
    {
        _next = next;
        _timer!.Change(TimeSpan.FromMilliseconds(Math.Max(1, next.Value - Now().Value)), Timeout.InfiniteTimeSpan);
    }

    private void OnDue()
    {
        if (_isEvaluating || _isHandingOff || _configured is not { } configured)
            return;
        var now = Now();
        if (now < _next)
        {
            // The timer was armed anew, or the clock was set back: never by more than an interval does anything wait for it.
            Arm(_next - now > configured.Group.Interval ? configured.Schedule.Next(now) : _next);
            return;
        }
        if (_removedAt is { } removed)
            Retire(removed);
        else
            Evaluate(configured, now);
    }

    private void Publish()
    {
        if (_removedAt is null)
            _runtime.Board.Report(RuleBoard.StatusOf(_id, _configured!.Group, _evaluator!.State, _lastDuration, _history, _journalError));
    }

    // ----- ends

    private void Retire(TimestampMs removed)
    {
        _isEvaluating = true;
        // A group of another name may have gone on with the series.
        _appender.Forget();
        var evaluator = _evaluator!;
        Task.Run(() => evaluator.RetireAsync(removed, _stopping.Token).AsTask()).PipeTo(Self, success: () => Retired.Instance, failure: _ => Retired.Instance);
    }

    private void OnRetired()
    {
        _isEvaluating = false;
        var configured = _configured!;
        // Nothing of its alerts is left for a group that gets the same name one day.
        _evaluator = new GroupEvaluator(configured.Group, new GroupState(configured.Group, restore: false), RuleSettings.Default, _runtime.Queries, _appender);
        _isStateOwed = true;
        SettleJournal();
        _configured = null;
        _version = 0;
        Context.Parent.Tell(new Passivate(HandOff.Instance));
    }

    private void OnHandOff()
    {
        _isHandingOff = true;
        Timers.StartSingleTimer(HandOffTimer, HandOffOverdue.Instance, HandOffPatience);
        if (!_isEvaluating)
            FinishHandOff();
    }

    /// <summary>The next evaluator begins with what the journal has: it should have everything.</summary>
    private void FinishHandOff()
    {
        if (_number == _persisted || _journalError is not null)
            Context.Stop(Self);
    }

    private TimestampMs Now() => TimestampMs.From(_runtime.Time.GetUtcNow());

    // ----- messages of its own

    private sealed class Due : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Due Instance = new();
    }

    private sealed class Retired : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Retired Instance = new();
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

/// <summary>A group's journal cannot be gone on with; the actor begins again from what the journal has.</summary>
public sealed class RuleJournalException(string message) : Exception(message);
