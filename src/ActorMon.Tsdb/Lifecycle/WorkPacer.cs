namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Keeps background work to a share of one core: after each slice of work it waits as long as the share asks. One worker's.</summary>
/// <param name="share">0 &lt; share &lt;= 1; 1: never waits.</param>
public sealed class WorkPacer(TimeProvider time, double share)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private long _started = time.GetTimestamp();

    /// <summary>Call it often; it waits seldom.</summary>
    /// <exception cref="OperationCanceledException">The work is no longer wanted.</exception>
    public ValueTask PaceAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (share >= 1)
            return ValueTask.CompletedTask;
        var worked = time.GetElapsedTime(_started);
        return worked < Slice ? ValueTask.CompletedTask : WaitAsync(worked * ((1 - share) / share), cancellation);
    }

    private async ValueTask WaitAsync(TimeSpan pause, CancellationToken cancellation)
    {
        await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        _started = time.GetTimestamp();
    }
}
