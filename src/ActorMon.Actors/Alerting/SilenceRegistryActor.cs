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
/// The one owner of the cluster's silences. Recovering (it answers nobody: a node without silences waits) -> Running: decides, applies, tells all nodes at once and writes; who asked for
/// a change hears of it when it is durable, or at once while the journal is away. Lost on a crash: nothing that was answered while the journal worked.
/// </summary>
public sealed class SilenceRegistryActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan CollectInterval = TimeSpan.FromMinutes(1);

    private readonly AlertingRuntime _runtime;
    private readonly SilenceBook _book;
    private readonly Subscribers _subscribers = new();
    private readonly Queue<(long Number, IActorRef To, SilenceChanged Answer)> _answers = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _journal = ActorRefs.Nobody;
    private string? _journalError = JournalState.Starting.Error;
    private bool _isRecovered;
    private bool _isStateOwed;
    private long _number;
    private long _persisted;

    public SilenceRegistryActor(AlertingRuntime runtime)
    {
        _runtime = runtime;
        _book = new SilenceBook(runtime.Silences, runtime.Syntax);
        Receive<WatchSilences>(OnWatch);
        Receive<ChangeSilence>(OnChange);
        Receive<Terminated>(OnTerminated);
        Receive<CollectNow>(_ => OnCollect());
        Receive<RecoveryStarted>(_ => { });
        Receive<Recovered>(OnRecovered);
        Receive<RecoveryEnded>(_ => _isRecovered = true);
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(OnNotPersisted);
        Receive<JournalState>(OnJournalState);
        Receive<JournalTaken>(m => throw new AlertJournalException($"another owner of the silences has written to journal {m.PersistenceId}"));
        Receive<GetState>(_ => _journal.Tell(new TakeState(_number, SilenceJournal.StateOf(_book.All))));
        Receive<HandOff>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AlertingRuntime runtime) => Akka.Actor.Props.Create(() => new SilenceRegistryActor(runtime));

    protected override void PreStart()
    {
        _journal = Context.Watch(Context.ActorOf(JournalActor.Props(SilenceJournal.PersistenceId(_runtime.Cluster), _runtime.Journal), "journal"));
        Timers.StartPeriodicTimer(nameof(CollectNow), CollectNow.Instance, CollectInterval);
    }

    private DateTimeOffset Now => _runtime.Time.GetUtcNow();

    private void OnWatch(WatchSilences watch)
    {
        if (!_isRecovered)
            return;
        // One that lacks nothing is told so: it knows that the owner is there.
        var lacks = _subscribers.Add(Context, Sender, watch.Life, watch.Version);
        Sender.Tell(new SilencesChanged(_subscribers.Life, _subscribers.Version, lacks, new SilenceChange(lacks ? [.. _book.All] : [], [])));
    }

    private void OnTerminated(Terminated terminated)
    {
        // Without one it would wait for ever for what is never written.
        if (terminated.ActorRef.Equals(_journal))
            throw new AlertJournalException("the journal of the silences ended");
        _subscribers.Remove(terminated.ActorRef);
    }

    private void OnChange(ChangeSilence change)
    {
        if (!_isRecovered)
            return;
        var now = Now;
        switch (change.Action)
        {
            case SilenceAction.Set:
                Answer(change.Correlation, _book.DecideSet(change.Proposal, now, Guid.NewGuid().ToString()), []);
                break;
            case SilenceAction.Expire:
                Answer(change.Correlation, _book.DecideExpire(change.Proposal.Id, now), []);
                break;
            default:
                var isThere = _book.Get(change.Proposal.Id) is not null;
                Answer(
                    change.Correlation, new SilenceDecision(change.Proposal.Id, [], isThere ? SilenceRefusal.None : SilenceRefusal.NotFound, isThere ? "" : "silence not found"),
                    isThere ? [change.Proposal.Id] : []);
                break;
        }
    }

    private void Answer(long correlation, SilenceDecision decision, IReadOnlyList<string> removed)
    {
        Happen(new SilenceChange(decision.Store, removed));
        _answers.Enqueue((_number, Sender, new SilenceChanged(correlation, decision)));
        Release();
    }

    private void Happen(SilenceChange change)
    {
        if (change.Stored.Count == 0 && change.Removed.Count == 0)
            return;
        change.ApplyTo(_book);
        _subscribers.Tell(new SilencesChanged(_subscribers.Life, _subscribers.Next(), false, change));
        if (!_isStateOwed)
            _journal.Tell(new Persist(++_number, [SilenceJournal.RecordOf(change)]));
    }

    private void OnCollect()
    {
        if (_isRecovered && _book.Collect(Now) is { Count: > 0 } over)
            Happen(new SilenceChange([], over));
    }

    private void OnRecovered(Recovered recovered)
    {
        try
        {
            SilenceJournal.ChangeOf(recovered.Record).ApplyTo(_book);
        }
        catch (SerializationException e)
        {
            // Without its past it would let out what is silenced.
            throw new AlertJournalException(e.Message);
        }
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
        _journal.Tell(new Persist(++_number, [SilenceJournal.StateOf(_book.All)]));
    }

    private void Release()
    {
        while (_answers.TryPeek(out var next) && (next.Number <= _persisted || _journalError is not null || _isStateOwed))
        {
            _answers.Dequeue();
            next.To.Tell(next.Answer);
        }
    }

    private sealed class CollectNow : INoSerializationVerificationNeeded
    {
        public static readonly CollectNow Instance = new();
    }
}

/// <summary>A journal of the Alertmanager cannot be gone on with; its owner begins again from what it has.</summary>
public sealed class AlertJournalException(string message) : Exception(message);
