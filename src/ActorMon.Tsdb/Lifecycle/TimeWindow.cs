namespace ActorMon.Tsdb.Lifecycle;

/// <summary>A stretch of time, Unix ms: Start &lt;= t &lt; End.</summary>
public readonly record struct TimeWindow(long Start, long End)
{
    public long Length => End - Start;

    /// <summary>The wall-aligned window of a length that holds a time: its start is a multiple of the length since the epoch.</summary>
    public static TimeWindow Of(long time, long length)
    {
        var into = time % length;
        if (into < 0)
            into += length;
        // At the ends of time a window is cut short instead of wrapping around.
        var start = time < long.MinValue + into ? long.MinValue : time - into;
        return new TimeWindow(start, start > long.MaxValue - length ? long.MaxValue : start + length);
    }

    public bool Contains(long time) => time >= Start && time < End;

    public bool Contains(TimeWindow other) => other.Start >= Start && other.End <= End;

    public bool Overlaps(TimeWindow other) => other.Start < End && other.End > Start;
}
