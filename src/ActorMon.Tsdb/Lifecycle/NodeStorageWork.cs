namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Runs the storage work of all partitions of a node one after the other, cuts before everything else, on the pool and paced. Bounded by the partitions: each has one
/// piece of work out at most. Any thread.
/// </summary>
/// <param name="cpuShare">Of one core, 0 &lt; share &lt;= 1.</param>
public sealed class NodeStorageWork(TimeProvider time, double cpuShare)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (int Priority, long Order)> _waiting = new();
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

    /// <summary>Ends when the work has ended; see <see cref="StorageWork.RunAsync"/>. Work that is cancelled before its turn never begins.</summary>
    public async Task RunAsync(StorageWork work, CancellationToken cancellation)
    {
        try
        {
            await EnterAsync((int)work.Kind, cancellation).ConfigureAwait(false);
        }
        catch
        {
            work.Abandon();
            throw;
        }
        try
        {
            Running = work.Kind;
            await Task.Run(() => work.RunAsync(new WorkPacer(time, cpuShare), time, cancellation), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Running = null;
            Leave();
        }
    }

    /// <summary>Ends when nothing runs and nothing waits; to be asked once the stores are closed.</summary>
    public async Task WhenIdleAsync()
    {
        await EnterAsync(int.MaxValue, CancellationToken.None).ConfigureAwait(false);
        Leave();
    }

    private async Task EnterAsync(int priority, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_busy)
            {
                _busy = true;
                return;
            }
            _waiting.Enqueue(turn, (priority, _order++));
        }
        // Either the turn comes or it is given up, never both: who leaves passes those over that were given up.
        using var registration = cancellation.UnsafeRegister(static given => ((TaskCompletionSource)given!).TrySetCanceled(), turn);
        await turn.Task.ConfigureAwait(false);
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var next, out _))
                if (next.TrySetResult())
                    return;
            _busy = false;
        }
        // Heads that were cut and parts that were merged are garbage of the oldest generation, which is else looked at seldom: their memory and their files' room
        // go back now.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
    }
}
