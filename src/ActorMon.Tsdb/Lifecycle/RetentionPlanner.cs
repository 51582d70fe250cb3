namespace ActorMon.Tsdb.Lifecycle;

/// <summary>What may stay: each bound null when there is none.</summary>
/// <param name="Time">How far back from the newest sample.</param>
/// <param name="Bytes">Of parts and logs of the node together.</param>
/// <param name="Percentage">Of the file system's size, 0 to 100; when given, <paramref name="Bytes"/> does not count.</param>
public sealed record RetentionPolicy(TimeSpan? Time, long? Bytes = null, double? Percentage = null)
{
    /// <summary>Bytes that may be used, or null.</summary>
    /// <param name="diskBytes">Size of the file system; 0: unknown, then a percentage bounds nothing.</param>
    public long? Limit(long diskBytes) => Percentage is { } share && share > 0 ? diskBytes > 0 ? (long)(diskBytes * (share / 100)) : null : Bytes is > 0 ? Bytes : null;
}

/// <summary>Which parts leave. Always whole ones, the oldest first. Pure.</summary>
public static class RetentionPlanner
{
    /// <summary>
    /// Nothing before this time (Unix ms) is kept. It follows the newest sample of the node, not the clock alone: a clock that jumps ahead, or a node that was off for
    /// long, deletes nothing by itself.
    /// </summary>
    /// <param name="newest">The newest sample of the node, long.MinValue when there is none.</param>
    public static long Floor(TimeSpan? kept, long now, long newest)
    {
        var reference = Math.Min(now, newest);
        if (kept is not { } time || time <= TimeSpan.Zero || reference < long.MinValue + (long)time.TotalMilliseconds)
            return long.MinValue;
        return reference - (long)time.TotalMilliseconds;
    }

    /// <summary>Parts without a sample at or after the floor.</summary>
    public static IReadOnlyList<PartInfo> Expired(IReadOnlyList<PartInfo> parts, long floor)
    {
        var expired = new List<PartInfo>();
        foreach (var part in parts)
            if (part.MaxTime < floor)
                expired.Add(part);
        return expired;
    }

    /// <summary>The times from which on parts may stay so that all of them, with the logs, fit: parts that end before it go. long.MinValue: all may stay.</summary>
    /// <param name="parts">Of all partitions.</param>
    /// <param name="logBytes">
    /// Of all logs. They count for half of the limit at most: a log that cannot be shortened (a disk that fails) must not cost every part.
    /// </param>
    public static long FloorForSize(IReadOnlyList<PartInfo> parts, long logBytes, long limit)
    {
        var used = Math.Min(logBytes, limit / 2);
        foreach (var part in parts)
            used += part.Bytes;
        if (used <= limit)
            return long.MinValue;
        var oldest = new List<PartInfo>(parts);
        oldest.Sort(static (a, b) => a.MaxTime.CompareTo(b.MaxTime));
        var floor = long.MinValue;
        foreach (var part in oldest)
        {
            // Parts that end together go together: a query sees the same end in all partitions.
            if (used <= limit && part.MaxTime >= floor)
                break;
            floor = part.MaxTime + 1;
            used -= part.Bytes;
        }
        return floor;
    }
}
