using ActorMon.Actors.Control.Partitions;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// What this node knows of its copies beside the map, and what follows for batches and reads. Facts are changed by the CopyKeeper; the replica notes what it
/// meets of damage and of a disk that takes nothing. Asked by anyone, at every use.
/// </summary>
public sealed class CopyStandings : IBatchGate, IReadGate
{
    private readonly MapView _view;
    private readonly ClusterStanding _standing;
    private readonly CopyFacts[] _facts;
    private readonly bool[] _damaged;
    private readonly bool[] _unwritable;
    private readonly Lock _lock = new();
    private long _changes;
    private AllOf? _all;

    public CopyStandings(MapView view, ClusterStanding standing, int partitions)
    {
        _view = view;
        _standing = standing;
        _facts = new CopyFacts[partitions];
        _damaged = new bool[partitions];
        _unwritable = new bool[partitions];
        BeginLife();
    }

    /// <summary>A new life of the node knows nothing of its copies yet.</summary>
    public void BeginLife()
    {
        lock (_lock)
        {
            Array.Fill(_facts, CopyFacts.Start(_view.Self));
            // The map is that of the life before for a while: what followed from it then does not now.
            Volatile.Write(ref _changes, _changes + 1);
        }
    }

    public CopyFacts this[PartitionId partition] => Volatile.Read(ref _facts[partition.Value]);

    public void Apply(PartitionId partition, CopyEvent happened)
    {
        lock (_lock)
        {
            Volatile.Write(ref _facts[partition.Value], _facts[partition.Value].Apply(happened));
            Volatile.Write(ref _changes, _changes + 1);
        }
    }

    /// <summary>Files of the copy turned out to be damaged while it was open: samples that it had may be missing.</summary>
    public void NoteDamage(PartitionId partition) => Volatile.Write(ref _damaged[partition.Value], true);

    public bool IsDamaged(PartitionId partition) => Volatile.Read(ref _damaged[partition.Value]);

    /// <summary>It is taken care of.</summary>
    public void ForgetDamage(PartitionId partition) => Volatile.Write(ref _damaged[partition.Value], false);

    /// <summary>The copy's log could not be written, or can be again.</summary>
    public void NoteUnwritable(PartitionId partition, bool on) => Volatile.Write(ref _unwritable[partition.Value], on);

    public bool IsUnwritable(PartitionId partition) => Volatile.Read(ref _unwritable[partition.Value]);

    public BatchAdmission Admit(ReplicaId replica, long followed, BatchTerms sent)
    {
        if (_view.Current is not { } map)
            return new BatchAdmission(false, 0, "this node has no partition map yet");
        var partition = map[replica.Partition];
        return CopyGate.Accept(partition, map.Deletions, this[replica.Partition], followed, sent, _standing.IsConfirmed) switch
        {
            BatchVerdict.Accept => new BatchAdmission(true, partition.HeldBy(_view.Self)!.Receives),
            BatchVerdict.OldEpoch => new BatchAdmission(false, 0, $"epoch {sent.Epoch} of partition {replica.Partition} is older than its fence {partition.Fence}: the sender's map is too old"),
            BatchVerdict.OldDeletions => new BatchAdmission(false, 0, $"deletions {sent.Forgotten + 1} to {map.Deletions.Pruned} were forgotten since it was sent: the sender's map is too old"),
            BatchVerdict.CopyForgotten => new BatchAdmission(
                false, 0, $"replica {replica} has followed deletions up to {followed}, and the cluster has forgotten those up to {map.Deletions.Pruned}: it is made anew"),
            BatchVerdict.SteppedOut => new BatchAdmission(false, 0, $"replica {replica} has stepped out"),
            BatchVerdict.NoLease => new BatchAdmission(false, 0, "this node has not heard from a majority of the cluster (actormon.cluster.majority-timeout)"),
            _ => new BatchAdmission(false, 0, $"by map version {map.Version} this node holds no copy of partition {replica.Partition} that takes batches"),
        };
    }

    public bool IsCurrent(PartitionId partition) => _view.Current is { } map && CopyGate.IsCurrent(map[partition], this[partition], _standing.IsConfirmed);

    public bool IsComplete(PartitionId partition) =>
        _view.Current is { } map && CopyGate.Grade(map[partition], this[partition], _standing.IsConfirmed) == ReadGrade.Complete;

    /// <summary>What follows from map and facts is kept until one of them changes: every query asks.</summary>
    public bool AllComplete
    {
        get
        {
            if (_view.Current is not { } map || !_standing.IsConfirmed)
                return false;
            var changes = Volatile.Read(ref _changes);
            if (Volatile.Read(ref _all) is { } known && ReferenceEquals(known.Map, map) && known.Changes == changes)
                return known.Complete;
            var complete = true;
            for (var p = 0; p < _facts.Length && complete; p++)
                complete = CopyGate.Grade(map[new PartitionId(p)], this[new PartitionId(p)], leaseHolds: true) == ReadGrade.Complete;
            Volatile.Write(ref _all, new AllOf(map, changes, complete));
            return complete;
        }
    }

    /// <summary>Whether the copy may answer one that confirms since this epoch.</summary>
    public bool MayConfirm(PartitionId partition, long since) => _view.Current is { } map && CopyGate.MayConfirm(map[partition], this[partition], since);

    private sealed record AllOf(PartitionMap Map, long Changes, bool Complete);
}
