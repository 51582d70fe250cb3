namespace ActorMon.Tsdb.Lifecycle;

/// <summary>In the order in which a node does them.</summary>
public enum StorageWorkKind
{
    /// <summary>Files that are of no use any more go: on a full disk all else waits for it.</summary>
    Removal,
    /// <summary>Old samples of the head become parts: memory and log wait for it.</summary>
    Cut,
    /// <summary>The head as a file, so that a start need not replay the log; after a cut it lets the log before it go.</summary>
    Checkpoint,
    /// <summary>A part is written again without what was deleted.</summary>
    Rewrite,
    /// <summary>What a partition holds is written beside it; somebody waits for it.</summary>
    Snapshot,
    /// <summary>Parts become fewer, larger ones.</summary>
    Compaction,
}

/// <summary>
/// Work of one partition that may take long: handed out by the store on its writer thread, run on any thread beside it, given back to the writer thread. It only reads
/// what is immutable and only writes files nobody knows of yet; what it made counts once the store has taken it back.
/// </summary>
public abstract class StorageWork
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public abstract StorageWorkKind Kind { get; }

    /// <summary>Completes when nothing of it runs any more, however it ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why it did not get to its end, or null. What was written before is good all the same.</summary>
    public string? Failure { get; private protected set; }

    public TimeSpan Duration { get; private set; }

    /// <summary>Samples written.</summary>
    public long Samples { get; private protected set; }

    public long BytesWritten { get; private protected set; }

    /// <summary>Runs once. A disk that fails is a <see cref="Failure"/>.</summary>
    /// <exception cref="OperationCanceledException">The store is closed or the node stops.</exception>
    public async Task RunAsync(WorkPacer pacer, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        try
        {
            await WriteAsync(pacer, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
        }
        finally
        {
            Duration = time.GetElapsedTime(started);
            _ended.TrySetResult();
        }
    }

    /// <summary>It will not be run.</summary>
    public void Abandon() => _ended.TrySetResult();

    private protected abstract Task WriteAsync(WorkPacer pacer, CancellationToken cancellation);
}
