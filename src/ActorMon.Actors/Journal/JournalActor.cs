using ActorMon.Protocol.Journal;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Journal;

/// <summary>
/// Persists for its parent, an actor that decides and is not persistent itself, so that a database that is away stops nothing: events wait in a bounded outbox while the
/// writer is started again with a back-off. States: Preparing (database, writer, replay) -> Working -> Waiting (back-off) -> Preparing.
/// Lost on restart of this actor: the outbox; the parent is told to begin again (it gets <see cref="RecoveryStarted"/>).
/// </summary>
public sealed class JournalActor : ReceiveActor, IWithTimers
{
    private const string RetryTimer = "retry";

    private readonly string _id;
    private readonly JournalSettings _settings;
    private readonly IActorRef _owner = Context.Parent;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly JournalOutbox _outbox;

    // Of this attempt's replay: what lies behind the last event known to be durable.
    private readonly List<JournalRecord> _unknown = [];
    private IActorRef _writer = ActorRefs.Nobody;
    private string? _error = JournalState.Starting.Error;
    private long _attempt;
    private int _failures;
    private bool _isRecovered;
    private long _recovered;
    private long _sequence;
    private long _stateAt;
    private bool _isStateAsked;
    private bool _isStateBeingSaved;

    public JournalActor(string persistenceId, JournalSettings settings)
    {
        _id = persistenceId;
        _settings = settings;
        _outbox = new JournalOutbox(settings.MaxOutbox);
        Receive<Prepared>(_ => StartWriter(), m => m.Attempt == _attempt);
        Receive<PrepareFailed>(m => OnFailure(m.Error), m => m.Attempt == _attempt);
        Receive<JournalWriterActor.Replayed>(OnReplayed, m => m.Attempt == _attempt);
        Receive<JournalWriterActor.Ready>(OnReady, m => m.Attempt == _attempt);
        Receive<JournalWriterActor.Written>(OnWritten, m => m.Attempt == _attempt);
        Receive<JournalWriterActor.StateSaved>(_ => OnStateSaved(), m => m.Attempt == _attempt);
        Receive<JournalWriterActor.Failed>(m => OnFailure(m.Error), m => m.Attempt == _attempt);
        Receive<Persist>(OnPersist);
        Receive<TakeState>(OnTakeState);
        Receive<Terminated>(m => OnFailure("the journal's writer ended"), m => m.ActorRef.Equals(_writer));
        Receive<Retry>(_ => Prepare());
        // Of attempts that were given up.
        ReceiveAny(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string persistenceId, JournalSettings settings) => Akka.Actor.Props.Create(() => new JournalActor(persistenceId, settings));

    protected override void PreStart() => Prepare();

    protected override void PostStop()
    {
        _stopping.Cancel();
        _settings.Metrics.Available(_id).Set(0);
    }

    /// <summary>A writer that crashed is not restarted in place: its replay would be taken for the first one's.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Prepare()
    {
        var attempt = ++_attempt;
        PrepareAsync().PipeTo(
            Self, success: () => new Prepared(attempt), failure: cause => new PrepareFailed(attempt, cause.GetBaseException().Message));
    }

    /// <summary>So that whatever a database throws, and when, is an answer.</summary>
    private async Task PrepareAsync() => await _settings.Prepare(_stopping.Token).ConfigureAwait(false);

    private void StartWriter()
    {
        _unknown.Clear();
        (_recovered, _stateAt) = (0, 0);
        if (!_isRecovered)
            _owner.Tell(RecoveryStarted.Instance);
        _writer = Context.Watch(Context.ActorOf(JournalWriterActor.Props(_id, _attempt)));
    }

    private void OnReplayed(JournalWriterActor.Replayed replayed)
    {
        if (replayed.IsState)
            _stateAt = replayed.Sequence;
        if (_isRecovered)
        {
            // A state above what this journal knows holds events of somebody else.
            if (replayed.Sequence > _sequence)
                _unknown.Add(replayed.Record);
            return;
        }
        _recovered++;
        _owner.Tell(new Recovered(replayed.Record, replayed.IsState));
    }

    private void OnReady(JournalWriterActor.Ready ready)
    {
        if (_isRecovered && !IsOurs(ready.Sequence))
        {
            _log.Error("Journal {Journal}: another process has written to it; this one begins again from what is there", _id);
            _owner.Tell(new JournalTaken(_id));
            return;
        }
        if (_isRecovered && ready.Sequence > _sequence)
            Confirm();
        _sequence = ready.Sequence;
        if (!_isRecovered)
        {
            _isRecovered = true;
            _owner.Tell(new RecoveryEnded(_recovered));
        }
        else
            _log.Info("Journal {Journal}: the database answers again; {Behind} events are written now", _id, _outbox.Events);
        _failures = 0;
        _error = null;
        if (_outbox.IsSending)
            _writer.Tell(new JournalWriterActor.Write(_outbox.Sent));
        Report();
        WriteNext();
    }

    /// <summary>Behind the last event known to be durable there is nothing, or exactly what was being written when the last writer ended.</summary>
    private bool IsOurs(long sequence)
    {
        if (sequence == _sequence)
            return true;
        var sent = _outbox.Sent;
        if (sequence != _sequence + sent.Count || _unknown.Count != sent.Count)
            return false;
        for (var i = 0; i < sent.Count; i++)
            if (!_unknown[i].IsSame(sent[i]))
                return false;
        return true;
    }

    private void OnPersist(Persist persist)
    {
        if (!_outbox.TryAdd(persist, _settings.Metrics.Timestamp()))
        {
            _owner.Tell(new NotPersisted(persist.Number, $"{_outbox.Events} events wait for the database, the limit actormon.persistence.max-outbox: {_error ?? "it is slow"}"));
            return;
        }
        Report();
        WriteNext();
    }

    private void WriteNext()
    {
        if (_error is not null || _isStateAsked || _outbox.Send() is not { Count: > 0 } records)
            return;
        _writer.Tell(new JournalWriterActor.Write(records));
    }

    private void OnWritten(JournalWriterActor.Written written)
    {
        _sequence = written.Sequence;
        Confirm();
        if (_sequence - _stateAt >= _settings.SnapshotAfter && !_isStateBeingSaved)
        {
            // No write until the state has come: a state belongs to the last event before it.
            _isStateAsked = true;
            _owner.Tell(GetState.Instance);
        }
        Report();
        WriteNext();
    }

    private void Confirm()
    {
        _settings.Metrics.Events(_id).Add(_outbox.Sent.Count);
        _settings.Metrics.Durable(_id, _outbox.SentSince);
        _outbox.Confirm();
        _owner.Tell(new Persisted(_outbox.Through));
    }

    private void OnTakeState(TakeState taken)
    {
        _isStateAsked = false;
        // An owner that runs ahead of its journal has events in its state that are not written; it is asked again after the next write.
        if (taken.Through == _outbox.Through && _error is null && !_outbox.IsSending)
        {
            _isStateBeingSaved = true;
            _stateAt = _sequence;
            _writer.Tell(new JournalWriterActor.SaveState(taken.State));
        }
        WriteNext();
    }

    private void OnStateSaved()
    {
        _isStateBeingSaved = false;
        _settings.Metrics.States(_id).Add();
    }

    private void OnFailure(string error)
    {
        // What the ended writer still sends counts no more.
        ++_attempt;
        if (!_writer.IsNobody())
        {
            Context.Unwatch(_writer);
            Context.Stop(_writer);
            _writer = ActorRefs.Nobody;
        }
        (_isStateAsked, _isStateBeingSaved) = (false, false);
        var backoff = _settings.Backoff.After(_failures++);
        _settings.Metrics.Failures(_id).Add();
        if (_error != error)
            _log.Warning("Journal {Journal} is away, {Behind} events wait; next try in {Backoff}: {Error}", _id, _outbox.Events, backoff, error);
        _error = error;
        Report();
        Timers.StartSingleTimer(RetryTimer, Retry.Instance, backoff);
    }

    private void Report()
    {
        _settings.Metrics.Behind(_id).Set(_outbox.Events);
        _settings.Metrics.Available(_id).Set(_error is null ? 1 : 0);
        _owner.Tell(new JournalState(_outbox.Events, _error));
    }

    private sealed record Prepared(long Attempt) : INoSerializationVerificationNeeded;

    private sealed record PrepareFailed(long Attempt, string Error) : INoSerializationVerificationNeeded;

    private sealed class Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}
