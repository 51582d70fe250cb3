using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Which samples of the log stand in parts already, so that a replay need not take them into the head again. A cut part holds everything of its window that stood in
/// segments before its own; a merged one promises the least of what its inputs did. To take a sample twice would be harmless, only dear.
/// </summary>
internal sealed class CutCoverage
{
    private readonly List<(TimeWindow Window, long Segment)> _cuts = [];
    private readonly long _lastSegment;

    public CutCoverage(IEnumerable<PartFile> parts)
    {
        foreach (var part in parts)
        {
            var header = part.Header;
            if (header.CutSegment <= 0)
                continue;
            _cuts.Add((new TimeWindow(header.WindowStart, Math.Min(header.WindowEnd, header.CutTo)), header.CutSegment));
            _lastSegment = Math.Max(_lastSegment, header.CutSegment);
        }
    }

    /// <summary>Whether a segment may have samples that are covered.</summary>
    public bool Concerns(long segment) => segment < _lastSegment;

    /// <summary>Whether all samples of a stretch, both ends inclusive, are covered.</summary>
    public bool Covers(long segment, long min, long max)
    {
        foreach (var (window, cutSegment) in _cuts)
            if (segment < cutSegment && window.Contains(min) && window.Contains(max))
                return true;
        return false;
    }

    public bool Covers(long segment, long time)
    {
        foreach (var (window, cutSegment) in _cuts)
            if (segment < cutSegment && window.Contains(time))
                return true;
        return false;
    }
}
