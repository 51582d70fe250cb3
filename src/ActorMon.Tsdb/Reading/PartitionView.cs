using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Cow;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Reading;

/// <summary>
/// A partition at one moment, immutable, for any thread: every batch is in it whole or not at all, however long it is kept. It never holds the writer up.
/// Memory it can see is never written again: arrays grow behind its counts, pages that change are copied, and what the writer gives up the garbage collector frees
/// after the last view. (docs/decisions/views.md)
/// </summary>
public sealed class PartitionView
{
    private readonly SeriesTable _table;
    private readonly CowSnapshot<LayoutView> _layouts;
    private readonly AppendVector<SeriesHome> _homes;
    private readonly LooseView _loose;
    private readonly ExemplarSnapshot _exemplars;
    private readonly long _chunks;
    private readonly int _homeCount;

    internal PartitionView(
        long version,
        SeriesTable table,
        int seriesCount,
        CowSnapshot<LayoutView> layouts,
        AppendVector<SeriesHome> homes,
        LooseView loose,
        ExemplarSnapshot exemplars,
        IReadOnlyDictionary<string, MetricMetadata> metadata,
        long floor,
        long minTime,
        long maxTime,
        long chunks)
    {
        Version = version;
        _table = table;
        SeriesCount = seriesCount;
        _layouts = layouts;
        _homes = homes;
        _loose = loose;
        _exemplars = exemplars;
        Metadata = metadata;
        Floor = floor;
        MinTime = new TimestampMs(minTime);
        MaxTime = new TimestampMs(maxTime);
        _chunks = chunks;
        _homeCount = homes.Count;
    }

    /// <summary>Grows by one with each publication.</summary>
    public long Version { get; }

    public int SeriesCount { get; }

    /// <summary>Time of the oldest and newest sample; MinTime &gt; MaxTime when there is none.</summary>
    public TimestampMs MinTime { get; }
    public TimestampMs MaxTime { get; }

    /// <summary>The newest metadata of each metric family.</summary>
    public IReadOnlyDictionary<string, MetricMetadata> Metadata { get; }

    /// <summary>The node's symbols, to resolve matchers with.</summary>
    public NodeSymbols Symbols => _table.Symbols;

    /// <summary>Hides what was deleted and is not yet rewritten; null: nothing is.</summary>
    internal DeletionMask? Deleted { get; init; }

    internal long Floor { get; }
    internal long Chunks => _chunks;
    internal SeriesTable Table => _table;

    /// <summary>The series that match and have a sample in the time range, sorted by labels.</summary>
    public ISeriesSelection Select(SeriesRequest request) => Select(ResolvedMatchers.Resolve(request.Matchers, Symbols), request.MinTime, request.MaxTime);

    /// <summary>As above with matchers that were resolved once for all partitions of the node.</summary>
    public ISeriesSelection Select(ResolvedMatchers matchers, TimestampMs min, TimestampMs max)
    {
        var from = Math.Max(min.Value, Floor);
        var series = Matching(matchers, from, max.Value);
        var labels = new LabelSet[series.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = _table.Labels(series.Span[i]);
        var refs = series.Span.ToArray();
        Array.Sort(labels, refs);
        return new PartitionSelection(this, labels, refs, from, max.Value);
    }

    /// <summary>Label names of the series that match any of the sets (none: all series) and have a sample in the range, sorted.</summary>
    public IReadOnlyList<string> LabelNames(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var names = new HashSet<int>();
        var shapes = new HashSet<int>();
        foreach (var series in Union(sets, min, max).Span)
        {
            ref var row = ref _table.Row(series);
            if (!shapes.Add(row.Shape))
                continue;
            foreach (var name in _table.Names(row))
                names.Add(name);
        }
        return Texts(names);
    }

    /// <summary>Values of one label, sorted.</summary>
    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var values = new HashSet<int>();
        var symbol = Symbols.Find(name);
        if (symbol < 0)
            return [];
        foreach (var series in Union(sets, min, max).Span)
        {
            ref var row = ref _table.Row(series);
            var at = _table.Names(row).IndexOf(symbol);
            if (at >= 0)
                values.Add(_table.ValuesOf(row)[at]);
        }
        return Texts(values);
    }

    /// <summary>Label sets that match any of the sets and have a sample in the range, sorted.</summary>
    public IReadOnlyList<LabelSet> Series(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var series = Union(sets, min, max);
        var labels = new LabelSet[series.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = _table.Labels(series.Span[i]);
        Array.Sort(labels);
        return labels;
    }

    /// <summary>
    /// The sample with the greatest time of exactly this series, also when it was deleted: an older one would come out of order still. For a histogram the value is its sum.
    /// </summary>
    public bool TryGetLast(LabelSet labels, out long time, out double value)
    {
        (time, value) = (long.MinValue, 0);
        var series = _table.Find(labels);
        if (series < 0 || series >= SeriesCount)
            return false;
        ref var row = ref _table.Row(series);
        var found = false;
        var loose = Volatile.Read(ref row.Loose);
        if (loose >= 0 && loose < _loose.Series.Count && _loose.Series[loose].HasLast)
        {
            (time, value) = (_loose.Series[loose].LastTime, _loose.Series[loose].LastValue);
            found = true;
        }
        for (var at = Volatile.Read(ref row.Home); at >= 0;)
        {
            var home = _homes[at];
            // Moved after this view was made: the place before that is in the list.
            if (at >= _homeCount)
            {
                at = home.Previous;
                continue;
            }
            found |= _layouts[home.Layout].TryGetLast(home.Slot, ref time, ref value, found);
            at = home.Previous;
        }
        return found && time >= Floor;
    }

    /// <summary>Exemplars of series that match any of the sets, by series in label order, by time within one; equal ones once.</summary>
    public IReadOnlyList<ExemplarSeries> Exemplars(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var wanted = new HashSet<int>();
        foreach (var set in sets)
            foreach (var series in SeriesFilter.Find(_table, SeriesCount, set).Span)
                wanted.Add(series);
        var bySeries = new Dictionary<int, List<Exemplar>>();
        var deleted = DeletedHere();
        foreach (var (series, exemplar) in _exemplars.All())
        {
            if (!wanted.Contains(series) || exemplar.Timestamp < min || exemplar.Timestamp > max || deleted?.Of(series)?.Contains(exemplar.Timestamp.Value) == true)
                continue;
            if (!bySeries.TryGetValue(series, out var list))
                bySeries[series] = list = [];
            if (!list.Contains(exemplar))
                list.Add(exemplar);
        }
        var result = new List<ExemplarSeries>();
        foreach (var (series, list) in bySeries)
        {
            list.Sort(static (a, b) => a.Timestamp.CompareTo(b.Timestamp));
            result.Add(new ExemplarSeries(_table.Labels(series), list));
        }
        result.Sort(static (a, b) => a.Series.CompareTo(b.Series));
        return result;
    }

    internal void Read(int series, long min, long max, SampleBuffer into)
    {
        into.Clear();
        ref var row = ref _table.Row(series);
        // Homes are linked from the newest; the oldest is read first, so what came in order needs no sorting.
        Span<int> chain = stackalloc int[64];
        var count = 0;
        for (var at = Volatile.Read(ref row.Home); at >= 0;)
        {
            if (at >= _homeCount)
            {
                at = _homes[at].Previous;
                continue;
            }
            if (count == chain.Length)
            {
                var longer = new int[count * 2];
                chain.CopyTo(longer);
                chain = longer;
            }
            chain[count++] = at;
            at = _homes[at].Previous;
        }
        while (--count >= 0)
        {
            var home = _homes[chain[count]];
            _layouts[home.Layout].Read(home.Slot, min, max, into);
        }
        var loose = Volatile.Read(ref row.Loose);
        if (loose >= 0)
            _loose.Read(loose, min, max, into);
        SampleMerge.Normalize(into);
        if (Deleted is not null)
            DeletedHere()?.Of(series)?.RemoveFrom(into);
    }

    private SeriesRanges? DeletedHere() => Deleted?.In(_table, SeriesCount);

    private IntBuffer Matching(ResolvedMatchers matchers, long min, long max)
    {
        var series = SeriesFilter.Find(_table, SeriesCount, matchers);
        // Also when the range is everything: slots that were always missing and series that only have exemplars are no answer.
        var kept = 0;
        var all = series.Span;
        var deleted = DeletedHere();
        foreach (var candidate in all)
            if (deleted?.Of(candidate) is { } ranges ? OverlapsBeside(ranges, candidate, min, max) : Overlaps(candidate, min, max))
                all[kept++] = candidate;
        series.Truncate(kept);
        return series;
    }

    /// <summary>Whether it has samples in the range that are not deleted.</summary>
    private bool OverlapsBeside(DeletedRanges deleted, int series, long min, long max)
    {
        for (var from = min; deleted.TryGap(from, max, out var gapMin, out var gapMax); from = gapMax + 1)
        {
            if (Overlaps(series, gapMin, gapMax))
                return true;
            if (gapMax == long.MaxValue)
                return false;
        }
        return false;
    }

    private bool Overlaps(int series, long min, long max)
    {
        ref var row = ref _table.Row(series);
        for (var at = Volatile.Read(ref row.Home); at >= 0;)
        {
            var home = _homes[at];
            // Moved after this view was made: the place before that is in the list.
            if (at >= _homeCount)
            {
                at = home.Previous;
                continue;
            }
            if (_layouts[home.Layout].Overlaps(home.Slot, min, max))
                return true;
            at = home.Previous;
        }
        var loose = Volatile.Read(ref row.Loose);
        return loose >= 0 && _loose.Overlaps(loose, min, max);
    }

    private IntBuffer Union(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var from = Math.Max(min.Value, Floor);
        if (sets.Count == 0)
            return Matching(ResolvedMatchers.Resolve([], Symbols), from, max.Value);
        if (sets.Count == 1)
            return Matching(sets[0], from, max.Value);
        var seen = new HashSet<int>();
        var union = new IntBuffer();
        foreach (var set in sets)
            foreach (var series in Matching(set, from, max.Value).Span)
                if (seen.Add(series))
                    union.Add(series);
        return union;
    }

    private List<string> Texts(HashSet<int> symbols)
    {
        var ordered = new List<int>(symbols);
        ordered.Sort(Symbols.Compare);
        return ordered.ConvertAll(Symbols.Text);
    }
}
