using ActorMon.Model.Samples;

namespace ActorMon.Scraping.Timing;

/// <summary>
/// When a target is scraped: at k * interval + phase since the Unix epoch. The phase comes from the target's identity and a seed, so it is the same after a
/// restart and on every node, and differs between targets and between servers of another seed. All functions are pure; times are milliseconds.
/// </summary>
public readonly record struct ScrapeSchedule
{
    /// <summary>A scrape that starts this close after its slot is written at the slot, so that timestamps stay regular and cost nothing to store.</summary>
    public static readonly TimeSpan LateTolerance = TimeSpan.FromMilliseconds(100);

    /// <summary>Timers may fire a little early; a sample lies this far in the future at most.</summary>
    public static readonly TimeSpan EarlyTolerance = TimeSpan.FromMilliseconds(10);

    private readonly long _interval;
    private readonly long _phase;

    /// <param name="interval">At least one millisecond.</param>
    /// <param name="targetHash">Identity of the target, stable over restarts.</param>
    /// <param name="seed">Seed of the server or cluster.</param>
    public ScrapeSchedule(TimeSpan interval, ulong targetHash, ulong seed)
    {
        _interval = Math.Max(1, (long)interval.TotalMilliseconds);
        _phase = (long)((targetHash ^ seed) % (ulong)_interval);
    }

    public TimeSpan Interval => TimeSpan.FromMilliseconds(_interval);

    /// <summary>Place inside the interval, 0 .. interval-1 ms.</summary>
    public TimeSpan Phase => TimeSpan.FromMilliseconds(_phase);

    /// <summary>The first slot after <paramref name="now"/>. Slots missed meanwhile are skipped, never queued.</summary>
    public TimestampMs NextAfter(TimestampMs now) => new(SlotAtOrBefore(now.Value) + _interval);

    /// <summary>How long to wait from <paramref name="now"/> for the next slot; more than zero.</summary>
    public TimeSpan DelayFrom(TimestampMs now) => TimeSpan.FromMilliseconds(NextAfter(now).Value - now.Value);

    /// <summary>The part of an interval in which the targets that a node takes over are scraped for the first time, for their slots were missed meanwhile: four times the usual load at most.</summary>
    public TimeSpan TakeoverSpread => TimeSpan.FromMilliseconds(Math.Max(1, _interval / 4));

    /// <summary>How long to wait from <paramref name="now"/> for the first scrape of a target that was another node's: its place in the spread, or its slot when that comes first. More than zero.</summary>
    public TimeSpan DelayOfTakeover(TimestampMs now)
    {
        var slot = DelayFrom(now);
        var place = TimeSpan.FromMilliseconds(1 + (_phase * TakeoverSpread.TotalMilliseconds / _interval));
        return place < slot ? place : slot;
    }

    /// <summary>
    /// The next slot for a target whose last scrape was written at <paramref name="last"/>: never that slot again, also when its timer fired a little early.
    /// </summary>
    public TimestampMs NextAfter(TimestampMs now, TimestampMs last)
    {
        var next = NextAfter(now);
        return next > last ? next : NextAfter(last);
    }

    /// <summary>
    /// The timestamp of a scrape that starts at <paramref name="started"/>: the slot when that is near, else the start itself; always later than
    /// <paramref name="last"/>, the timestamp before.
    /// </summary>
    public TimestampMs SampleTime(TimestampMs started, TimestampMs last)
    {
        var before = SlotAtOrBefore(started.Value);
        var late = started.Value - before;
        var early = _interval - late;
        var time = late <= Tolerance(LateTolerance) ? before
            : early <= Tolerance(EarlyTolerance) ? before + _interval
            : started.Value;
        if (time <= last.Value)
            time = started.Value;
        return new TimestampMs(Math.Max(time, last.Value == long.MinValue ? time : last.Value + 1));
    }

    /// <summary>
    /// For a target that was removed after a scrape at <paramref name="last"/>: its series end at the first slot missed; they are ended two slots and a tenth of an interval
    /// after the last scrape, so that a target that comes back meanwhile has written newer samples (which then win).
    /// </summary>
    public (TimestampMs StaleAt, TimestampMs WriteAt) EndOfTarget(TimestampMs last)
    {
        var missed = NextAfter(last);
        return (missed, new TimestampMs(missed.Value + _interval + _interval / 10));
    }

    private long Tolerance(TimeSpan tolerance) => Math.Min((long)tolerance.TotalMilliseconds, _interval / 2);

    private long SlotAtOrBefore(long time)
    {
        var into = (time - _phase) % _interval;
        return time - (into < 0 ? into + _interval : into);
    }
}
