namespace ActorMon.Host.Node;

/// <summary>
/// A clock that runs faster (actormon.test.clock-rate): all nodes with the same origin and rate show the same time, also after a restart. Timers and elapsed times follow, so
/// an hour of scrapes, evaluations and notices passes in minutes. What only this machine is about (leases, links, disks, deadlines of queries) goes by the real one.
/// </summary>
/// <param name="origin">When both clocks show the same.</param>
/// <param name="rate">Seconds of this clock in one of the real one, from 1.</param>
public sealed class PacedClock(DateTimeOffset origin, double rate, TimeProvider real) : TimeProvider
{
    private readonly long _began = real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => origin + ((real.GetUtcNow() - origin) * rate);

    public override long GetTimestamp() => (long)((real.GetTimestamp() - _began) * rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new PacedTimer(real.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), this);

    /// <summary>Rounded up to what timers can do: one that fires early would find that it is not time yet.</summary>
    private TimeSpan Shorten(TimeSpan wait) => wait <= TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds / rate));

    private sealed class PacedTimer(ITimer timer, PacedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
