using ActorMon.Protocol.Series;
using ActorMon.Tsdb;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Series;

/// <summary>Deletions: written down by the partition's writer, between two groups of batches.</summary>
public sealed partial class PartitionReplicaActor
{
    private const string NotOpen = "the partition is not open now; try again";

    private void AdminWhileAway()
    {
        Receive<DeleteInReplica>(m => m.ReplyTo.Tell(new ReplicaDone(_id, false, NotOpen)));
        Receive<UndoInReplica>(m => m.ReplyTo.Tell(new ReplicaDone(_id, false, NotOpen)));
        Receive<CleanReplica>(m => m.ReplyTo.Tell(new ReplicaDone(_id, false, NotOpen)));
    }

    private void AdminWhileServing()
    {
        Receive<DeleteInReplica>(m => Answer(m.ReplyTo, _store!.Delete(m.Request.Id, m.Request.Selectors, m.Request.Min, m.Request.Max)));
        Receive<UndoInReplica>(m => Answer(m.ReplyTo, _store!.Undo(m.Request.Id)));
        Receive<CleanReplica>(m => m.ReplyTo.Tell(new ReplicaDone(_id, false, null)));
    }

    private void Answer(IActorRef asker, DeletionResult result)
    {
        if (result.Error is { } error)
            _log.Error("Partition {Replica} could not change its deletions: {Error}", _id, error);
        asker.Tell(new ReplicaDone(_id, result.Changed, result.Error));
    }
}
