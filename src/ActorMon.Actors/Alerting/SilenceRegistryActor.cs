using System.Runtime.Serialization;
using ActorMon.Actors.Journal;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Alerting.AlertingProtocol;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// The one owner of the cluster's silences, recurring silences and acknowledgements. Recovering (it answers nobody: a node without silences waits) -> Running: decides, applies, tells all
/// nodes at once and writes; who asked for a change hears of it when it is durable, or at once while the journal is away. It ends what ends with its alerts.
/// Lost on a crash: nothing that was answered while the journal worked.
/// </summary>
public sealed partial class SilenceRegistryActor : ReceiveActor, IWithTimers
{
    private readonly AlertingRuntime _runtime;
    private readonly IActorRef _region;
    private readonly SilenceRegister _register;
    private readonly Subscribers _subscribers = new();
    private readonly Queue<(long Number, IActorRef To, SilenceChanged Answer)> _answers = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _journal = ActorRefs.Nobody;
    private string? _journalError = JournalState.Starting.Error;
    private bool _isRecovered;
    private bool _isStateOwed;
    private long _number;
    private long _persisted;

    /// <param name="region">Through which the shards are asked.</param>
    public SilenceRegistryActor(AlertingRuntime runtime, IActorRef region)
    {
        (_runtime, _region) = (runtime, region);
        _register = new SilenceRegister(runtime.Silences, runtime.Syntax);
        Receive<WatchSilences>(OnWatch);
        Receive<ChangeSilence>(OnChange);
        Receive<MatchesFound>(OnMatches);
        Receive<Terminated>(OnTerminated);
        Receive<Tick>(_ => OnTick());
        Receive<RecoveryStarted>(_ => { });
        Receive<Recovered>(OnRecovered);
        Receive<RecoveryEnded>(_ => OnRecoveryEnded());
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(OnNotPersisted);
        Receive<JournalState>(OnJournalState);
        Receive<JournalTaken>(m => throw new AlertJournalException($"another owner of the silences has written to journal {m.PersistenceId}"));
        Receive<GetState>(_ => _journal.Tell(new TakeState(_number, SilenceJournal.StateOf(_register))));
        Receive<HandOff>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AlertingRuntime runtime, IActorRef region) => Akka.Actor.Props.Create(() => new SilenceRegistryActor(runtime, region));

    protected override void PreStart()
    {
        _journal = Context.Watch(Context.ActorOf(JournalActor.Props(SilenceJournal.PersistenceId(_runtime.Cluster), _runtime.Journal), "journal"));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _runtime.Beat);
    }

    private DateTimeOffset Now => _runtime.Time.GetUtcNow();

    private void OnWatch(WatchSilences watch)
    {
        if (!_isRecovered)
            return;
        // One that lacks nothing is told so: it knows that the owner is there.
        var lacks = _subscribers.Add(Context, Sender, watch.Life, watch.Version);
        Sender.Tell(new SilencesChanged(_subscribers.Life, _subscribers.Version, lacks, lacks ? SilenceChange.Whole(_register) : SilenceChange.None));
    }

    private void OnTerminated(Terminated terminated)
    {
        // Without one it would wait for ever for what is never written.
        if (terminated.ActorRef.Equals(_journal))
            throw new AlertJournalException("the journal of the silences ended");
        _subscribers.Remove(terminated.ActorRef);
    }

    private void Happen(SilenceChange change)
    {
        if (change.IsEmpty)
            return;
        change.ApplyTo(_register);
        _subscribers.Tell(new SilencesChanged(_subscribers.Life, _subscribers.Next(), false, change));
        if (!_isStateOwed)
            _journal.Tell(new Persist(++_number, [SilenceJournal.RecordOf(change)]));
    }

    // ----- the journal

    private void OnRecovered(Recovered recovered)
    {
        // A journal that begins again tells what is known here.
        if (_isRecovered)
            return;
        try
        {
            SilenceJournal.ChangeOf(recovered.Record).ApplyTo(_register);
        }
        catch (SerializationException e)
        {
            // Without its past it would let out what is silenced.
            throw new AlertJournalException(e.Message);
        }
    }

    private void OnRecoveryEnded()
    {
        if (_isRecovered)
        {
            // What was on its way is in the state.
            (_isStateOwed, _persisted) = (true, _number);
            Settle();
        }
        _isRecovered = true;
    }

    private void OnPersisted(Persisted persisted)
    {
        _persisted = Math.Max(_persisted, persisted.Number);
        Settle();
    }

    private void OnNotPersisted(NotPersisted refused)
    {
        if (!_isStateOwed)
            _log.Warning("Silences: {Error}; all of them are written when the database is back", refused.Error);
        _isStateOwed = true;
        _persisted = Math.Max(_persisted, refused.Number);
        Settle();
    }

    private void OnJournalState(JournalState state)
    {
        _journalError = state.Error;
        Settle();
    }

    private void Settle()
    {
        Release();
        if (!_isStateOwed || _journalError is not null || _number != _persisted)
            return;
        _isStateOwed = false;
        _journal.Tell(new Persist(++_number, [SilenceJournal.StateOf(_register)]));
    }

    private void Release()
    {
        while (_answers.TryPeek(out var next) && (next.Number <= _persisted || _journalError is not null || _isStateOwed))
        {
            _answers.Dequeue();
            next.To.Tell(next.Answer);
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>A journal of the Alertmanager cannot be gone on with; its owner begins again from what it has.</summary>
public sealed class AlertJournalException(string message) : Exception(message);
