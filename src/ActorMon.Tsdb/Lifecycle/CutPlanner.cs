namespace ActorMon.Tsdb.Lifecycle;

/// <summary>One part to be cut: the window it claims, and the stretches of it whose samples it takes (ascending, disjoint).</summary>
public sealed record PlannedCut(TimeWindow Window, IReadOnlyList<TimeWindow> Stretches);

/// <summary>
/// When and into which parts a head is cut. A window is cut when its scrapes are in for sure; what is older than that is late (a backfill, an out-of-order writer) and is
/// cut as soon as there is enough of it or it has stopped coming. Pure.
/// </summary>
public static class CutPlanner
{
    /// <summary>Share of the shortest window that a window is kept in the head after its end, so that queries of the last minutes need no part.</summary>
    private const int GraceShare = 8;

    /// <summary>
    /// Everything before this time (Unix ms) belongs into parts: the end of the newest window that ended long enough ago. Partitions are spread over as long again,
    /// so that a node does not cut them all at once.
    /// </summary>
    public static long Line(long now, WindowRanges ranges, int partition, int partitions)
    {
        var grace = ranges.Shortest / GraceShare;
        return TimeWindow.Of(now - grace - grace * partition / Math.Max(1, partitions), ranges.Shortest).Start;
    }

    /// <summary>Whether a head is to be cut at <see cref="Line"/> now.</summary>
    /// <param name="headMin">Oldest sample of the head, Unix ms.</param>
    /// <param name="cutTo">Where it was cut last.</param>
    /// <param name="late">Samples before the last cut that came since.</param>
    public static bool IsDue(long line, long headMin, long cutTo, in LateArrivals late, long now, CutThresholds thresholds) =>
        headMin < line && (cutTo < line || late.IsDue(now, thresholds));

    /// <summary>
    /// The parts for the windows that hold samples. What lies in the window of a part that is there gets the same window, so that the two meet in the next merge;
    /// old stretches without any part become one large part at once; the rest becomes parts of the shortest window.
    /// </summary>
    /// <param name="filled">Shortest windows with samples, ascending.</param>
    /// <param name="cutTo">The cut; no window reaches beyond it but for one of a part that is there.</param>
    public static IReadOnlyList<PlannedCut> Plan(IReadOnlyList<TimeWindow> filled, long cutTo, IReadOnlyList<PartInfo> parts, WindowRanges ranges)
    {
        var stretches = new SortedDictionary<(long Start, long End), List<TimeWindow>>();
        foreach (var window in filled)
        {
            var target = WindowFor(window, cutTo, parts, ranges);
            if (!stretches.TryGetValue((target.Start, target.End), out var list))
                stretches[(target.Start, target.End)] = list = [];
            if (list.Count > 0 && list[^1].End == window.Start)
                list[^1] = new TimeWindow(list[^1].Start, window.End);
            else
                list.Add(window);
        }
        var plan = new List<PlannedCut>(stretches.Count);
        foreach (var ((start, end), list) in stretches)
            plan.Add(new PlannedCut(new TimeWindow(start, end), list));
        return plan;
    }

    private static TimeWindow WindowFor(TimeWindow window, long cutTo, IReadOnlyList<PartInfo> parts, WindowRanges ranges)
    {
        var there = default(TimeWindow);
        foreach (var part in parts)
            if (part.Window.Contains(window) && part.Window.Length > there.Length)
                there = part.Window;
        if (there.Length > 0)
            return there;
        for (var i = ranges.Lengths.Length - 1; i > 0; i--)
        {
            var larger = TimeWindow.Of(window.Start, ranges.Lengths[i]);
            if (larger.End <= cutTo && larger.Contains(window) && !OverlapsAny(larger, parts))
                return larger;
        }
        return window;
    }

    private static bool OverlapsAny(TimeWindow window, IReadOnlyList<PartInfo> parts)
    {
        foreach (var part in parts)
            if (part.Window.Overlaps(window))
                return true;
        return false;
    }
}
