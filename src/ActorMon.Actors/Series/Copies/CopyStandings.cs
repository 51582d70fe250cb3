using ActorMon.Actors.Control.Partitions;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// What this node knows of its copies beside the map, and what follows for batches and reads. Facts are changed by the CopyKeeper and, when a storage fails, by the replica;
/// asked by anyone, at every use.
/// </summary>
public sealed class CopyStandings : IBatchGate
{
    private readonly MapView _view;
    private readonly ClusterStanding _standing;
    private readonly CopyFacts[] _facts;
    private readonly Lock _lock = new();

    public CopyStandings(MapView view, ClusterStanding standing, int partitions)
    {
        _view = view;
        _standing = standing;
        _facts = new CopyFacts[partitions];
        BeginLife();
    }

    /// <summary>A new life of the node knows nothing of its copies yet.</summary>
    public void BeginLife()
    {
        lock (_lock)
            Array.Fill(_facts, CopyFacts.Start(_view.Self));
    }

    public CopyFacts this[PartitionId partition] => Volatile.Read(ref _facts[partition.Value]);

    public void Apply(PartitionId partition, CopyEvent happened)
    {
        lock (_lock)
            Volatile.Write(ref _facts[partition.Value], _facts[partition.Value].Apply(happened));
    }

    public BatchAdmission Admit(ReplicaId replica, long epoch)
    {
        if (_view.Current is not { } map)
            return new BatchAdmission(false, 0, "this node has no partition map yet");
        var partition = map[replica.Partition];
        return CopyGate.Accept(partition, this[replica.Partition], epoch, _standing.IsConfirmed) switch
        {
            BatchVerdict.Accept => new BatchAdmission(true, partition.HeldBy(_view.Self)!.Receives),
            BatchVerdict.OldEpoch => new BatchAdmission(false, 0, $"epoch {epoch} of partition {replica.Partition} is older than its fence {partition.Fence}: the sender's map is too old"),
            BatchVerdict.SteppedOut => new BatchAdmission(false, 0, $"replica {replica} has stepped out"),
            BatchVerdict.NoLease => new BatchAdmission(false, 0, "this node has not heard from a majority of the cluster (actormon.cluster.majority-timeout)"),
            _ => new BatchAdmission(false, 0, $"by map version {map.Version} this node holds no copy of partition {replica.Partition} that takes batches"),
        };
    }

    /// <summary>What a read of this node's copy is worth now; asked when its view is taken, and again before its answer is sent.</summary>
    public ReadGrade Grade(PartitionId partition) =>
        _view.Current is { } map ? CopyGate.Grade(map[partition], this[partition], _standing.IsConfirmed) : ReadGrade.None;

    /// <summary>Whether the copy may answer one that confirms since this epoch.</summary>
    public bool MayConfirm(PartitionId partition, long since) => _view.Current is { } map && CopyGate.MayConfirm(map[partition], this[partition], since);
}
