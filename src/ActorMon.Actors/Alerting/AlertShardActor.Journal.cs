using System.Runtime.Serialization;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Shards;
using ActorMon.Protocol.Alerting;
using ActorMon.Protocol.Journal;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Alerting.AlertingProtocol;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// What a shard and its journal tell each other. The shard decides and goes on; the journal follows. A notification leaves when it is durable that it is about to, and who brought alerts that
/// nobody will repeat is answered when they are; or at once while the journal is away: then the whole state is owed in place of what it missed.
/// </summary>
public sealed partial class AlertShardActor
{
    private const int MaxTaken = 500;

    private static readonly JournalRecord NoState = new("", []);

    // Taken, and to be written; lost on a crash like everything that is decided and not yet written. Whoever brought them brings them again.
    private readonly List<Alert> _taken = [];
    private readonly Queue<(long Number, IActorRef To, AlertsAccepted Answer)> _answers = new();
    private readonly Queue<(long Number, SendIntent Intent)> _decided = new();
    private IActorRef _journal = ActorRefs.Nobody;

    // What the journal has told; null: it is not to be taken over.
    private AlertShard? _past;
    private bool _isPastWhole;
    private bool _isOverdue;

    // Its state follows from all that its journal has.
    private bool _isPastKnown;
    private string? _journalError = JournalState.Starting.Error;
    private long _written;
    private long _persisted;
    private bool _isStateOwed;

    // The journal began again; a shard that runs takes over what it did not know.
    private void OnRecoveryStarted() => _past = NewShard();

    private void OnRecovered(Recovered recovered)
    {
        try
        {
            _past?.Apply(ShardJournal.EventOf(recovered.Record));
        }
        catch (SerializationException e)
        {
            _log.Error("Alertmanager shard {Shard}: {Error}; it begins without its journal, and does not write to it", _number, e.Message);
            Context.Stop(_journal);
            _journal = ActorRefs.Nobody;
            _past = null;
            _isOverdue = true;
            TryBegin();
        }
    }

    private void OnRecoveryEnded()
    {
        // It has just answered; that it is no longer starting it says a moment later.
        (_isPastWhole, _journalError) = (true, null);
        Timers.Cancel(PatienceTimer);
        TryBegin();
    }

    private void OnRecoveryOverdue()
    {
        if (_hasBegun)
            return;
        _log.Warning("Alertmanager shard {Shard}: its journal has not answered within {Patience}; it begins without", _number, _runtime.Patience);
        _isOverdue = true;
        TryBegin();
    }

    private void TryBegin()
    {
        if (_runtime.Configuration()?.Shards is not { } configuration || !(_isPastWhole || _isOverdue))
            return;
        var now = Now;
        if (!_hasBegun)
            Begin(configuration, now);
        else if (_past is { } past && _isPastWhole)
        {
            (_past, _isPastKnown) = (null, true);
            // What was on its way is in the state.
            (_isStateOwed, _persisted) = (true, _written);
            Happen(_shard.Recall(past.Snapshot(now), now));
        }
        Publish(_shard.Alerts);
        PassOn(_shard.Alerts);
        while (_early.TryDequeue(out var early))
            Take(early.Message, early.Sender);
        Settle();
        Arm();
    }

    private void Begin(ShardConfiguration configuration, DateTimeOffset now)
    {
        (_hasBegun, _begunAt) = (true, now);
        if (_isPastWhole && _past is { } past)
            (_shard, _past, _isPastKnown) = (past, null, true);
        else
            _isStateOwed = true;
        _log.Debug("Alertmanager shard {Shard} begins with {Alerts} alerts and {Open} notifications under way; its past is known: {Whole}", _number, _shard.Alerts.Count, _shard.Open.Count, _isPastWhole);
        foreach (var intent in _shard.Begin(configuration, now))
        {
            _log.Warning(
                "Alertmanager shard {Shard}: {Receiver} may have been told of group {Group}, or not: the owner before ended meanwhile. It is sent again under the same key",
                _number, intent.Key.Receiver, intent.Key.Group);
            _runtime.Metrics.Repeated.Add();
            Send(intent);
        }
    }

    // ----- writing

    /// <summary>
    /// Alerts come in many small batches, and each record costs: they wait a moment for others. What is decided of them is not written before them, so nothing is told of one that is not.
    /// </summary>
    private void WriteSoon(AlertsTaken taken)
    {
        if (_taken.Count == 0)
            Timers.StartSingleTimer(nameof(WriteNow), WriteNow.Instance, _runtime.WriteDelay);
        _taken.AddRange(taken.Alerts);
        if (_taken.Count >= MaxTaken || _isHandingOff || _runtime.WriteDelay == TimeSpan.Zero)
            WriteTaken();
    }

    /// <summary>
    /// Also of alerts that change nothing: those before them, which they repeat, may be on their way to the disk. Who says when an alert ends will move that before then, as Prometheus does, and is
    /// answered at once: a storm of thousands is in shards within a second, where each batch would wait for the disk.
    /// </summary>
    /// <param name="isRepeated">Each of the alerts has an end that its sender has to move.</param>
    private void Answer(IActorRef to, AlertsAccepted answer, bool isRepeated)
    {
        if (isRepeated)
        {
            to.Tell(answer);
            return;
        }
        _answers.Enqueue((_taken.Count > 0 ? _written + 1 : _written, to, answer));
        Release();
    }

    private void WriteTaken()
    {
        if (_taken.Count == 0)
            return;
        if (!_isStateOwed)
            _journal.Tell(new Persist(++_written, [ShardJournal.RecordOf(new AlertsTaken(Now, _taken))]));
        _taken.Clear();
    }

    /// <summary>The state may be ahead of what is written: whatever is written behind it is applied to it once more, in order, and comes to the same.</summary>
    private void OnGetState()
    {
        if (_hasBegun && !_isStateOwed)
            _journal.Tell(new TakeState(_persisted, ShardJournal.RecordOf(_shard.Snapshot(Now))));
        else
            _journal.Tell(new TakeState(-1, NoState));
    }

    private void Write(IReadOnlyList<ShardEvent> events)
    {
        if (events.Count > 0)
            WriteTaken();
        if (events.Count > 0 && !_isStateOwed)
            _journal.Tell(new Persist(++_written, [.. events.Select(ShardJournal.RecordOf)]));
    }

    private void OnPersisted(Persisted persisted)
    {
        _persisted = Math.Max(_persisted, persisted.Number);
        Settle();
    }

    private void OnNotPersisted(NotPersisted refused)
    {
        if (!_isStateOwed)
            _log.Warning("Alertmanager shard {Shard}: {Error}; its whole state is written when the database is back", _number, refused.Error);
        _isStateOwed = true;
        // It will never be durable by itself.
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
        if (_hasBegun && _isStateOwed && _journalError is null && _written == _persisted)
        {
            _isStateOwed = false;
            _journal.Tell(new Persist(++_written, [ShardJournal.RecordOf(_shard.Snapshot(Now))]));
        }
        FinishHandOff();
    }

    private void Release()
    {
        while (_decided.TryPeek(out var next) && IsSettled(next.Number))
        {
            _decided.Dequeue();
            Send(next.Intent);
        }
        while (_answers.TryPeek(out var next) && IsSettled(next.Number))
        {
            _answers.Dequeue();
            next.To.Tell(next.Answer);
        }
    }

    private bool IsSettled(long number) => number <= _persisted || _journalError is not null || _isStateOwed;
}
