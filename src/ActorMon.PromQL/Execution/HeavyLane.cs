namespace ActorMon.PromQL.Execution;

/// <summary>
/// Turns for evaluations that take long: at most so many at a time, each on a thread of its own, while small queries go on beside them on the pool. Without it
/// a burst of heavy queries would hold all threads of the pool and every buffer at once. Waiting ends with the query's deadline or client.
/// </summary>
public sealed class HeavyLane(int slots) : IDisposable
{
    /// <summary>Evaluations that look at more than so many samples and result points are heavy: some milliseconds of work.</summary>
    public const long HeavyFrom = 500_000;

    private readonly SemaphoreSlim _free = new(slots, slots);
    private int _waiting;

    public int Slots { get; } = slots;

    public int Waiting => Volatile.Read(ref _waiting);

    internal async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _free.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>A slot for help with a heavy evaluation, when one is idle right now.</summary>
    public bool TryTakeIdle() => _free.Wait(0);

    /// <summary>Ends what <see cref="TryTakeIdle"/> began.</summary>
    public void GiveBack() => _free.Release();

    public void Dispose() => _free.Dispose();
}
