namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Runs the storage work of all partitions of a node one after the other, cuts before everything else, on the pool and paced. Bounded by the partitions: each has one
/// piece of work out at most. Any thread.
/// </summary>
/// <param name="cpuShare">Of one core, 0 &lt; share &lt;= 1.</param>
public sealed class NodeStorageWork(TimeProvider time, double cpuShare)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (StorageWorkKind Kind, long Order)> _waiting = new();
    private long _order;
    private bool _busy;

    /// <summary>Pieces of work that wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>What runs now, or null.</summary>
    public StorageWorkKind? Running { get; private set; }

    /// <summary>Ends when the work has ended; see <see cref="StorageWork.RunAsync"/>.</summary>
    public async Task RunAsync(StorageWork work, CancellationToken cancellation)
    {
        try
        {
            await EnterAsync(work.Kind).ConfigureAwait(false);
        }
        catch
        {
            work.Abandon();
            throw;
        }
        try
        {
            if (cancellation.IsCancellationRequested)
            {
                work.Abandon();
                cancellation.ThrowIfCancellationRequested();
            }
            Running = work.Kind;
            await Task.Run(() => work.RunAsync(new WorkPacer(time, cpuShare), time, cancellation), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Running = null;
            Leave();
        }
    }

    private Task EnterAsync(StorageWorkKind kind)
    {
        lock (_lock)
        {
            if (!_busy)
            {
                _busy = true;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (kind, _order++));
            return turn.Task;
        }
    }

    private void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
            if (!_waiting.TryDequeue(out next, out _))
                _busy = false;
        if (next is not null)
            next.SetResult();
        else
            // Heads that were cut and parts that were merged are garbage of the oldest generation, which is else looked at seldom: their memory and their files' room
            // go back now.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
    }
}
