namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Parts to be written as one, in the order of their windows; the one claims <paramref name="Window"/>.</summary>
/// <param name="IsOverlap">Inputs have samples of the same window (late ones); else windows that follow each other are joined.</param>
public sealed record CompactionPlan(IReadOnlyList<PartInfo> Inputs, TimeWindow Window, bool IsOverlap)
{
    public int Level
    {
        get
        {
            var level = 0;
            foreach (var input in Inputs)
                level = Math.Max(level, input.Level);
            return level + 1;
        }
    }
}

/// <summary>
/// Which parts are merged next. Overlapping ones first: small late parts among themselves when there are three, all of them when together they weigh a quarter of the
/// large one, so a trickle of late samples does not rewrite a large part again and again. Then aligned stretches of the next length that are complete, the shortest and
/// oldest first. Each plan has at least two inputs, so plans come to an end. Pure.
/// </summary>
public static class CompactionPlanner
{
    private const int SmallParts = 3;
    private const int WorthShare = 4;

    /// <param name="complete">Every window up to this time (Unix ms) was cut: regular samples before it come no more.</param>
    /// <param name="maxBytes">Parts that together are larger are not joined; overlapping ones are all the same.</param>
    /// <returns>Null: there is nothing to do.</returns>
    public static CompactionPlan? Next(IReadOnlyList<PartInfo> parts, WindowRanges ranges, long complete, long maxBytes = long.MaxValue)
    {
        var sorted = new List<PartInfo>(parts);
        sorted.Sort(static (a, b) => a.Window.Start != b.Window.Start ? a.Window.Start.CompareTo(b.Window.Start) : a.Sequence.CompareTo(b.Sequence));
        return NextOverlap(sorted) ?? NextJoin(sorted, ranges, complete, maxBytes);
    }

    private static CompactionPlan? NextOverlap(List<PartInfo> sorted)
    {
        for (var first = 0; first < sorted.Count;)
        {
            var end = sorted[first].Window.End;
            var behind = first + 1;
            for (; behind < sorted.Count && sorted[behind].Window.Start < end; behind++)
                end = Math.Max(end, sorted[behind].Window.End);
            if (behind - first > 1 && OverlapOf(sorted.GetRange(first, behind - first)) is { } plan)
                return plan;
            first = behind;
        }
        return null;
    }

    private static CompactionPlan? OverlapOf(List<PartInfo> group)
    {
        var largest = group[0];
        long bytes = 0;
        foreach (var part in group)
        {
            bytes += part.Bytes;
            if (part.Bytes > largest.Bytes)
                largest = part;
        }
        if ((bytes - largest.Bytes) * WorthShare >= largest.Bytes)
            return Of(group, isOverlap: true);
        if (group.Count <= SmallParts)
            return null;
        group.Remove(largest);
        return Of(group, isOverlap: true);
    }

    private static CompactionPlan? NextJoin(List<PartInfo> sorted, WindowRanges ranges, long complete, long maxBytes)
    {
        for (var i = 1; i < ranges.Lengths.Length; i++)
        {
            var length = ranges.Lengths[i];
            for (var first = 0; first < sorted.Count; first++)
            {
                var window = TimeWindow.Of(sorted[first].Window.Start, length);
                if (window.End > complete)
                    break;
                if (first > 0 && window.Contains(sorted[first - 1].Window.Start))
                    continue;
                if (JoinOf(sorted, first, window, maxBytes) is { } plan)
                    return plan;
            }
        }
        return null;
    }

    /// <summary>The parts from one on that lie in a window; null when there are not two, one reaches over its edge, or they are too large.</summary>
    private static CompactionPlan? JoinOf(List<PartInfo> sorted, int first, TimeWindow window, long maxBytes)
    {
        // One that begins before the window and reaches into it would overlap with what is written.
        for (var i = 0; i < first; i++)
            if (sorted[i].Window.Overlaps(window))
                return null;
        long bytes = 0;
        var behind = first;
        for (; behind < sorted.Count && window.Contains(sorted[behind].Window.Start); behind++)
        {
            if (!window.Contains(sorted[behind].Window))
                return null;
            bytes += sorted[behind].Bytes;
        }
        return behind - first < 2 || bytes > maxBytes ? null : new CompactionPlan(sorted.GetRange(first, behind - first), window, IsOverlap: false);
    }

    private static CompactionPlan Of(List<PartInfo> group, bool isOverlap)
    {
        var (start, end) = (long.MaxValue, long.MinValue);
        foreach (var part in group)
            (start, end) = (Math.Min(start, part.Window.Start), Math.Max(end, part.Window.End));
        return new CompactionPlan(group, new TimeWindow(start, end), isOverlap);
    }
}
