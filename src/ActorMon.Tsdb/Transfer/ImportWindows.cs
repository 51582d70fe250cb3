namespace ActorMon.Tsdb.Transfer;

/// <summary>
/// The windows of imported parts: aligned to their length, which is 2 h times a power of three as the node's own are, so that they meet in its compactions.
/// </summary>
public static class ImportWindows
{
    public const long Shortest = 2 * 3_600_000L;

    /// <summary>A week or so: a longer part would have more pages open at once while it is written.</summary>
    public const long Longest = Shortest * 81;

    private const int FewWindows = 64;

    /// <summary>The window of a length that holds a time.</summary>
    public static long StartOf(long time, long length)
    {
        var into = time % length;
        if (into < 0)
            into += length;
        return time < long.MinValue + into ? long.MinValue : time - into;
    }

    public static long EndOf(long start, long length) => start > long.MaxValue - length ? long.MaxValue : start + length;

    /// <summary>A length that covers the times (both included) with one window when it is not much longer than they are, else with whole windows within them.</summary>
    public static long LengthForBlock(long min, long max)
    {
        for (var length = Shortest; length <= Longest; length *= 3)
        {
            var start = StartOf(min, length);
            if (max < EndOf(start, length))
                return length;
            // A block across the border of longer and longer windows is cut at the borders of those that fit into it.
            if (length * 3 > max - min + Shortest * 3)
                return length;
        }
        return Longest;
    }

    /// <summary>The shortest length that covers the times with few windows, so that years of samples do not become thousands of files.</summary>
    public static long LengthForRange(long min, long max)
    {
        var length = Shortest;
        while (length < Longest && (ulong)(max - min) / (ulong)length >= FewWindows)
            length *= 3;
        return length;
    }

    /// <summary>The longest length up to a wanted one; at least <see cref="Shortest"/>.</summary>
    public static long LengthUpTo(long wanted)
    {
        var length = Shortest;
        while (length < Longest && length * 3 <= wanted)
            length *= 3;
        return length;
    }
}
