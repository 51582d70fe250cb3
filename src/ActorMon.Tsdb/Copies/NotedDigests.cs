using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Copies;

/// <summary>Digests that parts have noted, of the windows in which a view shows one part and nothing else: nothing has to be read for them.</summary>
internal sealed class NotedDigests
{
    private readonly SortedDictionary<long, List<WindowDigest>> _byWindow = [];

    private NotedDigests()
    {
    }

    public IEnumerable<WindowDigest> All => _byWindow.Values.SelectMany(digests => digests);

    /// <param name="isWhole">Says of a part whether its pages can be believed; asked once for each part that would count.</param>
    public static NotedDigests Of(PartitionView view, long min, long max, Func<PartFile, bool> isWhole)
    {
        var noted = new NotedDigests();
        foreach (var source in view.Older)
        {
            if (source.MaxTime < min || source.MinTime > max || WholeParts.Of(source, view) is not { } part || part.Digests.IsEmpty)
                continue;
            var alone = part.Digests.Where(d => IsWithin(part, d.WindowStart, min, max) && IsAlone(view, source, d.WindowStart)).GroupBy(d => d.WindowStart)
                // Nothing counted: it was not noted, for its content may be written in more than one way.
                .Where(window => window.All(d => d.Samples > 0)).ToList();
            if (alone.Count > 0 && isWhole(part))
                foreach (var window in alone)
                    noted._byWindow.Add(window.Key, [.. window]);
        }
        return noted;
    }

    /// <summary>Stretches of [min, max] of which nothing is noted, both ends included, ascending.</summary>
    public IEnumerable<(long Min, long Max)> Rest(long min, long max)
    {
        var at = min;
        foreach (var start in _byWindow.Keys)
        {
            if (start > at)
                yield return (at, start - 1);
            if (LastOf(start) >= max)
                yield break;
            at = LastOf(start) + 1;
        }
        if (at <= max)
            yield return (at, max);
    }

    private static bool IsWithin(PartFile part, long window, long min, long max) => Math.Max(window, part.MinTime) >= min && Math.Min(LastOf(window), part.MaxTime) <= max;

    private static bool IsAlone(PartitionView view, ISampleSource part, long window)
    {
        if (Overlaps(view.Head, window))
            return false;
        foreach (var other in view.Older)
            if (!ReferenceEquals(other, part) && Overlaps(other, window))
                return false;
        return true;
    }

    private static bool Overlaps(ISampleSource source, long window) => source.MinTime <= source.MaxTime && source.MinTime <= LastOf(window) && source.MaxTime >= window;

    private static long LastOf(long window) => window > long.MaxValue - ContentDigest.WindowMs ? long.MaxValue : window + ContentDigest.WindowMs - 1;
}
