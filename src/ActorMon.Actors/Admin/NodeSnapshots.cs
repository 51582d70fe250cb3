using ActorMon.Actors.Series;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Admin;

/// <summary>Writes snapshots of all partitions that the node serves, from their published views.</summary>
public sealed class NodeSnapshots(DataDirectory directory, PartitionReplicaSettings replicas)
{
    /// <summary>Blocks a thread while it writes; returns the snapshot's name.</summary>
    /// <exception cref="IOException">A partition is not served, or the disk refused; nothing is left but empty directories.</exception>
    public Task<string> WriteAsync(bool skipHead, CancellationToken cancellation)
    {
        var target = SnapshotTarget.Create(directory, replicas.Files, replicas.Time.GetUtcNow(), Random.Shared.NextInt64());
        try
        {
            for (var p = 0; p < replicas.Table.Partitions; p++)
            {
                var partition = new PartitionId(p);
                if (replicas.Table[partition] is not { } store)
                    throw new IOException($"partition {p} is not open now; try again");
                new PartitionSnapshot(store.View, replicas.Options(partition), target.PartitionPath(partition), replicas.Files, replicas.Time).Write(skipHead, cancellation);
            }
            target.Complete();
            return Task.FromResult(target.Name);
        }
        catch
        {
            target.Discard();
            throw;
        }
    }
}
