namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Writes a checkpoint; the store takes it back as it takes all work.</summary>
internal sealed class CheckpointWork(HeadCheckpoint checkpoint) : StorageWork
{
    public override StorageWorkKind Kind => StorageWorkKind.Checkpoint;

    public HeadCheckpoint Checkpoint => checkpoint;

    private protected override Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        checkpoint.Write(clean: false, cancellation);
        BytesWritten = checkpoint.Bytes;
        return Task.CompletedTask;
    }
}
