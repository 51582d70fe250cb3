namespace ActorMon.Tsdb.Snapshots;

/// <summary>The windows in which a snapshot writes what is not linked: long ones, which compress well, but not so long that retention would keep much too much. Pure.</summary>
internal static class SnapshotWindows
{
    /// <summary>Edges are aligned so that later cuts do not overlap.</summary>
    private const long EdgeMs = 2 * 3_600_000;

    /// <summary>Longest window.</summary>
    private const long LongestMs = 27 * EdgeMs;

    /// <summary>Windows [start, end) that hold all of [min, max], ascending; none when max &lt; min.</summary>
    public static List<(long Start, long End)> Of(long min, long max)
    {
        var windows = new List<(long Start, long End)>();
        if (max < min)
            return windows;
        var (start, end) = (Floor(min, EdgeMs), After(max, EdgeMs));
        if (end - start <= LongestMs && end > start)
        {
            windows.Add((start, end));
            return windows;
        }
        while (start <= max)
        {
            var edge = Math.Min(After(start, LongestMs), end);
            windows.Add((start, edge));
            if (edge == long.MaxValue)
                break;
            start = edge;
        }
        return windows;
    }

    private static long Floor(long time, long length)
    {
        var into = time % length;
        into += into < 0 ? length : 0;
        return time < long.MinValue + into ? long.MinValue : time - into;
    }

    /// <summary>The first multiple behind a time.</summary>
    private static long After(long time, long length)
    {
        var floor = Floor(time, length);
        return floor > long.MaxValue - length ? long.MaxValue : floor + length;
    }
}
