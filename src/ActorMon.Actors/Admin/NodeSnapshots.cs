using ActorMon.Actors.Series;
using ActorMon.Protocol.Series;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Admin;

/// <summary>Writes snapshots of the node's copies, from their published views.</summary>
public sealed class NodeSnapshots(DataDirectory directory, PartitionReplicaSettings replicas)
{
    /// <summary>Writes partition by partition, each in its turn among the node's storage work and at its pace; returns the snapshot's name.</summary>
    /// <exception cref="IOException">A copy is not open, or the disk refused; nothing of it is left.</exception>
    public async Task<string> WriteAsync(StorageAdminProtocol.TakeSnapshot asked, IReadOnlyList<ReplicaId> copies, CancellationToken cancellation)
    {
        var target = SnapshotTarget.Create(directory, replicas.Files, asked.Time, asked.Random);
        try
        {
            foreach (var (partition, _) in copies)
            {
                if (replicas.Table[partition] is not { } store)
                    throw new IOException($"partition {partition} is not open now; try again");
                var snapshot = new PartitionSnapshot(store.View, replicas.Options(partition), target.PartitionPath(partition), replicas.Files, replicas.Time);
                var work = new SnapshotWork(snapshot, asked.SkipHead);
                await replicas.Work.RunAsync(work, cancellation);
                if (work.Failure is { } failure)
                    throw new IOException(failure);
            }
            target.Complete();
            return target.Name;
        }
        catch
        {
            target.Discard();
            throw;
        }
    }
}
