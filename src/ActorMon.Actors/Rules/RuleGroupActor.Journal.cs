using System.Runtime.Serialization;
using ActorMon.Actors.Control;
using ActorMon.Protocol.Rules;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Memory;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Rules;

/// <summary>
/// What a group and its journal tell each other. The group decides and goes on; the journal follows. While it is away transitions wait in its outbox; when that is full, a whole state
/// is owed in their place. Alerts leave for their receivers when what decided them is durable, or at once while the journal is away.
/// </summary>
public sealed partial class RuleGroupActor
{
    private readonly Queue<(long Number, IReadOnlyList<AlertNotice> Alerts)> _notices = new();
    private IActorRef _journal = ActorRefs.Nobody;

    // What the journal has told; null once the group goes on with it.
    private GroupMemory? _memory;
    private AlertHistory _history;
    private IReadOnlyList<RuleKey?> _keys = [];
    private ConfiguredGroup? _keysOf;
    private bool _hasJournalTold;
    private string? _journalError = JournalState.Starting.Error;
    private long _number;
    private long _persisted;
    private bool _isStateOwed;
    private bool _isStateAsked;

    // ----- recovery

    private void OnRecoveryStarted()
    {
        // The journal began again; a group that runs knows better than it does.
        _memory = new GroupMemory(_runtime.History);
    }

    private void OnRecoveredRecord(Recovered recovered)
    {
        try
        {
            if (_memory is not null)
                RuleJournal.Apply(_memory, recovered.Record);
        }
        catch (SerializationException e)
        {
            _log.Error("Rule group {Group}: {Error}; it begins without its journal, and does not write to it", _id, e.Message);
            Context.Stop(_journal);
            _journal = ActorRefs.Nobody;
            _memory = null;
            OnOverdue();
        }
    }

    private void OnRecoveryEnded(RecoveryEnded ended)
    {
        _hasJournalTold = true;
        Timers.Cancel(PatienceTimer);
        if (_isRecovered)
        {
            if (!_isEvaluating)
                TakeOverLate();
            return;
        }
        if (_memory is { At: { } } memory)
            _history = memory.History;
        _isRecovered = true;
        Follow();
    }

    private void OnOverdue()
    {
        if (_isRecovered)
            return;
        Timers.Cancel(PatienceTimer);
        _log.Warning("Rule group {Group}: its journal has not answered; the group begins with what storage says of its alerts", _id);
        _isRecovered = true;
        Follow();
    }

    /// <summary>The journal has come back after the group began without it.</summary>
    private void TakeOverLate()
    {
        if (_memory is not { } memory || !_hasJournalTold || _evaluator is not { } evaluator)
            return;
        _memory = null;
        _isStateOwed = true;
        if (memory.At is null)
            return;
        memory.MergeInto(evaluator.Group, evaluator.State);
        var own = _history.Snapshot();
        _history.Set(memory.History.Snapshot().Where(e => own.Count == 0 || e.Event.At < own[0].Event.At).Concat(own), Now());
    }

    // ----- writing

    private void Remember(GroupEvaluation evaluation, IReadOnlyList<RuleEvent> restored)
    {
        if (evaluation.Events.Count > 0 || restored.Count > 0)
        {
            if (!ReferenceEquals(_keysOf, _configured))
                (_keys, _keysOf) = (RuleKey.Of(_configured!.Group), _configured);
            var changes = new List<RuleTransition>(evaluation.Events.Count + restored.Count);
            foreach (var change in evaluation.Events)
                changes.Add(new RuleTransition(_keys[change.Rule]!.Value, change.Event));
            foreach (var change in restored)
                changes.Add(new RuleTransition(_keys[change.Rule]!.Value, change.Event));
            var transitions = new GroupTransitions(evaluation.At, _runtime.Node, changes);
            _history.Add(transitions);
            if (!_isStateOwed)
                _journal.Tell(new Persist(++_number, [RuleJournal.RecordOf(transitions)]));
        }
        if (evaluation.Notices.Count > 0)
            _notices.Enqueue((_number, evaluation.Notices));
        Send();
    }

    /// <summary>What the journal waited for while an evaluation ran, and what it is owed.</summary>
    private void SettleJournal()
    {
        if (_hasJournalTold)
            TakeOverLate();
        if (_isStateAsked)
            OnGetState();
        if (!_isStateOwed || _journalError is not null || _number != _persisted || _evaluator is not { } evaluator)
            return;
        _isStateOwed = false;
        _journal.Tell(new Persist(++_number, [RuleJournal.RecordOf(Snapshot(evaluator))]));
    }

    private void OnGetState()
    {
        _isStateAsked = _isEvaluating;
        if (!_isEvaluating && _evaluator is { } evaluator)
            _journal.Tell(new TakeState(_number, RuleJournal.RecordOf(Snapshot(evaluator))));
    }

    private GroupSnapshot Snapshot(GroupEvaluator evaluator) => GroupMemory.Take(evaluator.Group, evaluator.State, _history, evaluator.State.LastEvaluation ?? Now());

    private void OnPersisted(Persisted persisted)
    {
        _persisted = Math.Max(_persisted, persisted.Number);
        Send();
        if (!_isEvaluating)
        {
            SettleJournal();
            if (_isHandingOff)
                FinishHandOff();
        }
    }

    private void OnNotPersisted(NotPersisted refused)
    {
        if (!_isStateOwed)
            _log.Warning("Rule group {Group}: {Error}; its whole state is written when the database is back", _id, refused.Error);
        _isStateOwed = true;
        // It will never be durable by itself.
        _persisted = Math.Max(_persisted, refused.Number);
        Send();
    }

    private void OnJournalState(JournalState state)
    {
        _journalError = state.Error;
        Send();
        if (_isEvaluating)
            return;
        SettleJournal();
        if (_isHandingOff)
            FinishHandOff();
    }

    // ----- alerts

    private void Send()
    {
        while (_notices.TryPeek(out var next) && (next.Number <= _persisted || _journalError is not null || _isStateOwed))
        {
            _notices.Dequeue();
            _links.Sink.Send(next.Alerts);
        }
    }
}
