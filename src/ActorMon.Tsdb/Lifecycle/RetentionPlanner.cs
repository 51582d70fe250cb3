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

    /// <summary>
    /// The parts that have no room: the oldest first, one by one, until the others fit with the logs. Of parts that end together those of lower partitions go first.
    /// </summary>
    /// <param name="parts">Of all partitions.</param>
    /// <param name="condemned">Those of which it was said before that they have none: they go whatever else has gone, else a newer part that went first would save an older one.</param>
    /// <param name="logBytes">
    /// Of all logs. They count for half of the limit at most: a log that cannot be shortened (a disk that fails) must not cost every part.
    /// </param>
    public static IReadOnlyList<(int Partition, long Sequence)> BeyondSize(IReadOnlyList<(int Partition, PartInfo Part)> parts, IReadOnlySet<(int Partition, long Sequence)> condemned, long logBytes, long limit)
    {
        var used = Math.Min(logBytes, limit / 2);
        var oldest = new List<(int Partition, PartInfo Part)>();
        var beyond = new List<(int Partition, long Sequence)>();
        foreach (var (partition, part) in parts)
        {
            if (condemned.Contains((partition, part.Sequence)))
            {
                beyond.Add((partition, part.Sequence));
                continue;
            }
            oldest.Add((partition, part));
            used += part.Bytes;
        }
        oldest.Sort(static (a, b) => (a.Part.MaxTime, a.Partition, a.Part.Sequence).CompareTo((b.Part.MaxTime, b.Partition, b.Part.Sequence)));
        foreach (var (partition, part) in oldest)
        {
            if (used <= limit)
                break;
            beyond.Add((partition, part.Sequence));
            used -= part.Bytes;
        }
        return beyond;
    }
}
