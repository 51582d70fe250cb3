using System.Threading.Channels;

namespace ActorMon.Discovery.Files;

/// <summary>
/// Wakes file discovery: at every refresh interval, and once shortly after something changed, however much did. Signals that come while nobody waits are
/// kept as one.
/// </summary>
internal sealed class FileSignals : IDisposable
{
    private readonly TimeSpan _settle;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _refreshTimer;
    private readonly ITimer _settleTimer;
    private int _settling;
    private int _refresh;
    private string? _failure;

    public FileSignals(TimeSpan refreshInterval, TimeSpan settle, TimeProvider time)
    {
        _settle = settle;
        _settleTimer = time.CreateTimer(_ => Settled(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _refreshTimer = time.CreateTimer(_ => Refresh(), null, refreshInterval, refreshInterval);
    }

    /// <summary>Something changed: wakes after the settling time, which the first of several changes starts.</summary>
    public void Changed()
    {
        if (Interlocked.Exchange(ref _settling, 1) == 0)
            _settleTimer.Change(_settle, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Changes may have been missed: wakes at once, as for a refresh.</summary>
    public void Failed(string reason)
    {
        Interlocked.Exchange(ref _failure, reason);
        Refresh();
    }

    /// <summary>Waits for the next signal: whether it is a refresh, and the last failure if there was one.</summary>
    public async ValueTask<(bool Refresh, string? Failure)> WaitAsync(CancellationToken cancellationToken)
    {
        await _wake.Reader.ReadAsync(cancellationToken);
        return (Interlocked.Exchange(ref _refresh, 0) == 1, Interlocked.Exchange(ref _failure, null));
    }

    public void Dispose()
    {
        _refreshTimer.Dispose();
        _settleTimer.Dispose();
    }

    private void Settled()
    {
        Interlocked.Exchange(ref _settling, 0);
        _wake.Writer.TryWrite(true);
    }

    private void Refresh()
    {
        Interlocked.Exchange(ref _refresh, 1);
        _wake.Writer.TryWrite(true);
    }
}
