using ActorMon.Protocol.Journal;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorMon.Actors.Journal;

/// <summary>
/// The persistent actor behind a <see cref="JournalActor"/>: replays to its parent and writes what it is given, one write at a time. Any failure of the database ends it;
/// the parent starts another one. Lost on its end: nothing; whether the last write arrived shows at the next recovery.
/// </summary>
internal sealed class JournalWriterActor : ReceivePersistentActor
{
    private readonly IActorRef _owner = Context.Parent;
    private readonly long _attempt;

    public JournalWriterActor(string persistenceId, long attempt)
    {
        PersistenceId = persistenceId;
        _attempt = attempt;
        Recover<SnapshotOffer>(offer => _owner.Tell(new Replayed(_attempt, offer.Metadata.SequenceNr, (JournalRecord)offer.Snapshot, IsState: true)));
        Recover<JournalRecord>(record => _owner.Tell(new Replayed(_attempt, LastSequenceNr, record, IsState: false)));
        Recover<RecoveryCompleted>(_ => _owner.Tell(new Ready(_attempt, LastSequenceNr)));
        Command<Write>(OnWrite);
        Command<SaveState>(save => SaveSnapshot(save.State));
        Command<SaveSnapshotSuccess>(OnSaved);
        Command<SaveSnapshotFailure>(failure => Fail(failure.Cause));
        // What could not be deleted now goes with the next state.
        Command<DeleteMessagesFailure>(failure => Context.GetLogger().Warning("Journal {0}: old events stay for now: {1}", PersistenceId, failure.Cause.Message));
        Command<DeleteSnapshotsFailure>(failure => Context.GetLogger().Warning("Journal {0}: old states stay for now: {1}", PersistenceId, failure.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
    }

    public override string PersistenceId { get; }

    public static Props Props(string persistenceId, long attempt) => Akka.Actor.Props.Create(() => new JournalWriterActor(persistenceId, attempt));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Report(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Report(reason);

    private void OnWrite(Write write)
    {
        var left = write.Records.Count;
        PersistAll(write.Records, _ =>
        {
            if (--left == 0)
                _owner.Tell(new Written(_attempt, LastSequenceNr));
        });
    }

    private void OnSaved(SaveSnapshotSuccess saved)
    {
        DeleteMessages(saved.Metadata.SequenceNr);
        DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        _owner.Tell(new StateSaved(_attempt));
    }

    private void Report(Exception cause) => _owner.Tell(new Failed(_attempt, cause.GetBaseException().Message));

    private void Fail(Exception cause)
    {
        Report(cause);
        Context.Stop(Self);
    }

    internal sealed record Write(IReadOnlyList<JournalRecord> Records) : INoSerializationVerificationNeeded;

    internal sealed record SaveState(JournalRecord State) : INoSerializationVerificationNeeded;

    internal sealed record Replayed(long Attempt, long Sequence, JournalRecord Record, bool IsState) : INoSerializationVerificationNeeded;

    internal sealed record Ready(long Attempt, long Sequence) : INoSerializationVerificationNeeded;

    internal sealed record Written(long Attempt, long Sequence) : INoSerializationVerificationNeeded;

    internal sealed record StateSaved(long Attempt) : INoSerializationVerificationNeeded;

    internal sealed record Failed(long Attempt, string Error) : INoSerializationVerificationNeeded;
}
