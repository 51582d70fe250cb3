using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Actors.Series.Copies;

/// <summary>How a transfer is divided, and what of it is needed. Pure.</summary>
public static class CopyStretches
{
    /// <summary>A stretch ends when its files are this large: what an attempt that breaks has to repeat.</summary>
    public const long MaxBytes = 256L << 20;

    /// <summary>All of time in pieces, ascending, whose edges divide no file.</summary>
    public static IReadOnlyList<TimeWindow> Of(IReadOnlyList<CopySpan> spans, long maxBytes = MaxBytes)
    {
        var stretches = new List<TimeWindow>();
        var start = long.MinValue;
        var (end, bytes) = (long.MinValue, 0L);
        foreach (var span in spans.OrderBy(s => s.Min))
        {
            if (bytes >= maxBytes && span.Min > end)
            {
                stretches.Add(new TimeWindow(start, span.Min));
                (start, bytes) = (span.Min, 0);
            }
            end = Math.Max(end, span.Max);
            bytes += span.Bytes;
        }
        stretches.Add(new TimeWindow(start, long.MaxValue));
        return stretches;
    }

    /// <summary>Windows of the source that the own copy does not hold in the same way, joined where they touch. What only the own copy has is no reason.</summary>
    public static IReadOnlyList<TimeWindow> Differing(IReadOnlyList<WindowDigest> own, IReadOnlyList<WindowDigest> source)
    {
        var known = own.ToHashSet();
        var windows = new List<TimeWindow>();
        foreach (var digest in source)
        {
            if (known.Contains(digest))
                continue;
            var end = digest.WindowStart > long.MaxValue - ContentDigest.WindowMs ? long.MaxValue : digest.WindowStart + ContentDigest.WindowMs;
            if (windows.Count > 0 && windows[^1].End >= digest.WindowStart)
                windows[^1] = new TimeWindow(windows[^1].Start, Math.Max(windows[^1].End, end));
            else
                windows.Add(new TimeWindow(digest.WindowStart, end));
        }
        return windows;
    }
}
