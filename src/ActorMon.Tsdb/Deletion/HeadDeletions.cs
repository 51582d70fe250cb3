using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Deletion;

/// <summary>Which deletions the series of one table fall under, for the series looked at so far. Any thread.</summary>
internal sealed class HeadDeletions(SeriesTable table, DeletionLog log, RangeCombinations combinations)
{
    private readonly Lock _lock = new();
    private readonly List<(int Deletion, ResolvedMatchers Matchers)> _selectors = Resolve(table, log);
    // A combination for each series; places behind the covered count are filled before a larger count is asked for.
    private int[] _bySeries = [];
    private SeriesRanges? _ranges;
    private int _covered;
    private bool _any;

    /// <summary>Null: none of the first <paramref name="count"/> series is concerned.</summary>
    public SeriesRanges? Upto(int count)
    {
        lock (_lock)
        {
            if (count > _covered)
                Cover(count);
            return _any ? _ranges : null;
        }
    }

    private void Cover(int count)
    {
        if (count > _bySeries.Length)
        {
            Array.Resize(ref _bySeries, Math.Max(count, _covered + _covered / 2));
            _ranges = new SeriesRanges(_bySeries, combinations);
        }
        // The postings find all there are; a few that came later are looked at one by one.
        var all = _covered == 0;
        foreach (var (deletion, matchers) in _selectors)
        {
            if (all)
            {
                foreach (var series in SeriesFilter.Find(table, count, matchers).Span)
                    Mark(series, deletion);
                continue;
            }
            for (var series = _covered; series < count; series++)
                if (SeriesFilter.Matches(table, series, matchers))
                    Mark(series, deletion);
        }
        _covered = count;
    }

    private void Mark(int series, int deletion)
    {
        // Two selectors of one deletion may both take a series: the second finds it taken, the pair leads to the same ranges.
        _bySeries[series] = combinations.With(_bySeries[series], deletion);
        _any = true;
    }

    private static List<(int, ResolvedMatchers)> Resolve(SeriesTable table, DeletionLog log)
    {
        var resolved = new List<(int, ResolvedMatchers)>();
        for (var i = 0; i < log.Entries.Length; i++)
            foreach (var selector in log.Entries[i].Selectors)
                resolved.Add((i, ResolvedMatchers.Resolve(selector, table.Symbols)));
        return resolved;
    }
}
