using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb.Snapshots;

/// <summary>Writes the snapshot of one partition in turn with the other work of the node.</summary>
public sealed class SnapshotWork(PartitionSnapshot snapshot, bool skipHead) : StorageWork
{
    public override StorageWorkKind Kind => StorageWorkKind.Snapshot;

    private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        await snapshot.WriteAsync(skipHead, pacer, cancellation).ConfigureAwait(false);
        Samples = snapshot.Samples;
    }
}
