using ActorMon.Actors.Series;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Admin;

/// <summary>Writes snapshots of all partitions that the node serves, from their published views.</summary>
public sealed class NodeSnapshots(DataDirectory directory, PartitionReplicaSettings replicas)
{
    /// <summary>Writes partition by partition, each in its turn among the node's storage work and at its pace; returns the snapshot's name.</summary>
    /// <exception cref="IOException">A partition is not served, or the disk refused; nothing of it is left.</exception>
    public async Task<string> WriteAsync(bool skipHead, CancellationToken cancellation)
    {
        var target = SnapshotTarget.Create(directory, replicas.Files, replicas.Time.GetUtcNow(), Random.Shared.NextInt64());
        try
        {
            for (var p = 0; p < replicas.Table.Partitions; p++)
            {
                var partition = new PartitionId(p);
                if (replicas.Table[partition] is not { } store)
                    throw new IOException($"partition {p} is not open now; try again");
                var snapshot = new PartitionSnapshot(store.View, replicas.Options(partition), target.PartitionPath(partition), replicas.Files, replicas.Time);
                var work = new SnapshotWork(snapshot, skipHead);
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
