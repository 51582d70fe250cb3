using ActorMon.Model.Labels;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Reading;

/// <summary>Which series match and have a sample in a range, and the names and values they have: a name or value is looked for until one series shows it.</summary>
internal sealed partial class HeadView
{
    public void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        min = Math.Max(min, Floor);
        var deleted = Deleted?.In(_table, SeriesCount);
        var names = new HashSet<int>();
        var shapes = new HashSet<int>();
        foreach (var series in Candidates(sets).Span)
        {
            ref var row = ref _table.Row(series);
            if (shapes.Contains(row.Shape) || !Overlaps(deleted?.Of(series), series, min, max))
                continue;
            shapes.Add(row.Shape);
            foreach (var name in _table.Names(row))
                names.Add(name);
        }
        foreach (var name in names)
            into.Add(Symbols.Text(name));
    }

    public void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        min = Math.Max(min, Floor);
        var symbol = Symbols.Find(name);
        if (symbol < 0)
            return;
        if (sets.Count == 0)
        {
            CollectValues(symbol, min, max, into);
            return;
        }
        var deleted = Deleted?.In(_table, SeriesCount);
        var values = new HashSet<int>();
        foreach (var series in Candidates(sets).Span)
        {
            ref var row = ref _table.Row(series);
            var at = _table.Names(row).IndexOf(symbol);
            if (at < 0 || _table.ValuesOf(row)[at] is var value && values.Contains(value) || !Overlaps(deleted?.Of(series), series, min, max))
                continue;
            values.Add(value);
            into.Add(Symbols.Text(value));
        }
    }

    public void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into)
    {
        foreach (var series in Union(sets, min, max).Span)
            into.Add(_table.Labels(series));
    }

    /// <summary>Series that match any of the sets (none: all) and have a sample in the range, each once.</summary>
    public IntBuffer Union(IReadOnlyList<ResolvedMatchers> sets, long min, long max)
    {
        var candidates = Candidates(sets);
        KeepOverlapping(ref candidates, Math.Max(min, Floor), max);
        return candidates;
    }

    private IntBuffer Matching(ResolvedMatchers matchers, long min, long max)
    {
        var series = SeriesFilter.Find(_table, SeriesCount, matchers);
        KeepOverlapping(ref series, min, max);
        return series;
    }

    // Also when the range is everything: slots that were always missing and series that only have exemplars are no answer.
    private void KeepOverlapping(ref IntBuffer series, long min, long max)
    {
        var kept = 0;
        var all = series.Span;
        var deleted = Deleted?.In(_table, SeriesCount);
        foreach (var candidate in all)
            if (Overlaps(deleted?.Of(candidate), candidate, min, max))
                all[kept++] = candidate;
        series.Truncate(kept);
    }

    /// <summary>Series that match any of the sets (none: all), whatever their times, each once.</summary>
    private IntBuffer Candidates(IReadOnlyList<ResolvedMatchers> sets)
    {
        if (sets.Count <= 1)
            return SeriesFilter.Find(_table, SeriesCount, sets.Count == 0 ? ResolvedMatchers.Resolve([], Symbols) : sets[0].For(Symbols));
        var seen = new HashSet<int>();
        var union = new IntBuffer();
        foreach (var set in sets)
            foreach (var series in SeriesFilter.Find(_table, SeriesCount, set.For(Symbols)).Span)
                if (seen.Add(series))
                    union.Add(series);
        return union;
    }

    /// <summary>The values that a label has in any series: one series for each is looked at when all have samples in the range.</summary>
    private void CollectValues(int name, long min, long max, HashSet<string> into)
    {
        if (!_table.TryPostings(name, out var postings))
            return;
        var deleted = Deleted?.In(_table, SeriesCount);
        var lists = new List<(int Value, long List)>();
        postings.Values(lists);
        foreach (var (value, list) in lists)
            if (AnyOverlaps(postings.Runs(list, SeriesCount), deleted, min, max))
                into.Add(Symbols.Text(value));
    }

    private bool AnyOverlaps(PostingRuns runs, SeriesRanges? deleted, long min, long max)
    {
        while (runs.TryNext(out var start, out var end))
            for (var series = start; series < end; series++)
                if (Overlaps(deleted?.Of(series), series, min, max))
                    return true;
        return false;
    }
}
