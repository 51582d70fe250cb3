using System.Runtime.CompilerServices;
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
/// A head at one moment, immutable, for any thread: every batch is in it whole or not at all, however long it is kept. It never holds the writer up.
/// Memory it can see is never written again: arrays grow behind its counts, pages that change are copied, and what the writer gives up the garbage collector frees
/// after the last view. (docs/decisions/partition-views.md)
/// </summary>
internal sealed partial class HeadView : ISampleSource
{
    private readonly SeriesTable _table;
    private readonly CowSnapshot<LayoutView> _layouts;
    private readonly AppendVector<SeriesHome> _homes;
    private readonly LooseView _loose;
    private readonly ExemplarSnapshot _exemplars;
    private readonly int _homeCount;

    public HeadView(
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
        _table = table;
        SeriesCount = seriesCount;
        _layouts = layouts;
        _homes = homes;
        _loose = loose;
        _exemplars = exemplars;
        Metadata = metadata;
        Floor = floor;
        MinTime = minTime;
        MaxTime = maxTime;
        Chunks = chunks;
        _homeCount = homes.Count;
    }

    public int SeriesCount { get; }

    /// <summary>Unix ms of the oldest and newest sample; MinTime &gt; MaxTime when there is none.</summary>
    public long MinTime { get; }
    public long MaxTime { get; }

    /// <summary>The newest metadata of each metric family.</summary>
    public IReadOnlyDictionary<string, MetricMetadata> Metadata { get; }

    public NodeSymbols Symbols => _table.Symbols;
    public SeriesTable Table => _table;
    public long Floor { get; }
    public long Chunks { get; }

    /// <summary>Hides what is deleted and not yet rewritten; null: nothing is.</summary>
    public DeletionMask? Deleted { get; init; }

    /// <summary>The same head with other deletions.</summary>
    public HeadView With(DeletionMask deleted) =>
        new(_table, SeriesCount, _layouts, _homes, _loose, _exemplars, Metadata, Floor, MinTime, MaxTime, Chunks) { Deleted = deleted.IsEmpty ? null : deleted };

    public SeriesRun Select(ResolvedMatchers matchers, long min, long max)
    {
        var series = Matching(matchers.For(Symbols), Math.Max(min, Floor), max);
        if (series.Count == 0)
            return SeriesRun.Empty;
        var ids = series.Span.ToArray();
        _table.Order.Sort(ids, SeriesCount);
        var labels = new LabelSet[ids.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = _table.Labels(ids[i]);
        return new SeriesRun(labels, ids);
    }

    /// <summary>The sample with the greatest time of exactly this series, deleted or not; for a histogram the value is its sum.</summary>
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
            foreach (var series in SeriesFilter.Find(_table, SeriesCount, set.For(Symbols)).Span)
                wanted.Add(series);
        var bySeries = new Dictionary<int, List<Exemplar>>();
        var deleted = Deleted?.In(_table, SeriesCount);
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

    public void Read(int series, long min, long max, SampleBuffer into)
    {
        min = Math.Max(min, Floor);
        if (Deleted?.In(_table, SeriesCount)?.Of(series) is not { } deleted)
        {
            ReadAll(series, min, max, into);
            return;
        }
        foreach (var (from, to) in deleted.Gaps(min, max))
            ReadAll(series, from, to, into);
    }

    /// <summary>As <see cref="Read"/>, deleted or not.</summary>
    [SkipLocalsInit]
    private void ReadAll(int series, long min, long max, SampleBuffer into)
    {
        ref var row = ref _table.Row(series);
        // Homes are linked from the newest; the oldest is read first, so what came in order needs no sorting.
        var chain = new IntStack(stackalloc int[64]);
        for (var at = Volatile.Read(ref row.Home); at >= 0;)
        {
            if (at >= _homeCount)
            {
                at = _homes[at].Previous;
                continue;
            }
            chain.Push(at);
            at = _homes[at].Previous;
        }
        while (chain.TryPop(out var next))
        {
            var home = _homes[next];
            _layouts[home.Layout].Read(home.Slot, min, max, into);
        }
        var loose = Volatile.Read(ref row.Loose);
        if (loose >= 0)
            _loose.Read(loose, min, max, into);
    }

    public bool Overlaps(int series, long min, long max) => Overlaps(Deleted?.In(_table, SeriesCount)?.Of(series), series, min, max);

    private bool Overlaps(DeletedRanges? deleted, int series, long min, long max)
    {
        if (deleted is null)
            return OverlapsAll(series, min, max);
        foreach (var (from, to) in deleted.Gaps(min, max))
            if (OverlapsAll(series, from, to))
                return true;
        return false;
    }

    private bool OverlapsAll(int series, long min, long max)
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
}
