using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Links;

/// <summary>Lets the copies of this node take batches by the partition map, by what they know of themselves and by the node's lease.</summary>
/// <param name="map">The newest map this node has; null: none yet.</param>
/// <param name="facts">What a copy knows of itself.</param>
/// <param name="leaseHolds">Whether a majority has been heard from lately enough, at this moment.</param>
public sealed class MapGate(Func<PartitionMap?> map, Func<PartitionId, CopyFacts> facts, Func<bool> leaseHolds) : IBatchGate
{
    public BatchAdmission Admit(ReplicaId replica, long epoch)
    {
        if (map() is not { } current)
            return Refused("the node has no partition map yet");
        var partition = current[replica.Partition];
        var own = facts(replica.Partition);
        return CopyGate.Accept(partition, own, epoch, leaseHolds()) switch
        {
            BatchVerdict.Accept when partition.HeldBy(own.Self) is { } copy && copy.Slot == replica.Replica => new BatchAdmission(true, copy.Receives),
            BatchVerdict.Accept or BatchVerdict.NotHolder => Refused($"by map {current.Version} replica {replica} takes no batches here"),
            BatchVerdict.OldEpoch => Refused($"epoch {epoch} of partition {replica.Partition} is before {partition.Fence}, at which a copy came in; map {current.Version}"),
            BatchVerdict.SteppedOut => Refused($"replica {replica} has stepped out"),
            _ => Refused("the node has heard from no majority for too long"),
        };
    }

    private static BatchAdmission Refused(string reason) => new(false, 0, reason);
}
