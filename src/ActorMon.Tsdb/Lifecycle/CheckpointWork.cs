namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Writes a checkpoint; the store takes it back as it takes all work.</summary>
internal sealed class CheckpointWork(HeadCheckpoint checkpoint) : StorageWork
{
    public override StorageWorkKind Kind => StorageWorkKind.Checkpoint;

    public HeadCheckpoint Checkpoint => checkpoint;

    private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        await checkpoint.WriteAsync(pacer, cancellation).ConfigureAwait(false);
        BytesWritten = checkpoint.Bytes;
    }
}
