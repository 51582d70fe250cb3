using System.Runtime.InteropServices;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Cardinality;

/// <param name="MinTime">Unix ms of the oldest sample; long.MaxValue and long.MinValue when there is none, or when only a part was looked at.</param>
public readonly record struct HeadTotals(long Series, long Chunks, long MinTime, long MaxTime);

/// <summary>Takes one value of one label and how many series have it; values of one label follow each other.</summary>
public delegate void HeadValueVisitor(string name, ReadOnlySpan<byte> value, long series);

/// <summary>The values of all labels in some heads, each with its series.</summary>
public static class HeadLabels
{
    /// <summary>Everything in the heads; lists of the index are counted by their runs, nothing is made for a series.</summary>
    public static HeadTotals Visit(IReadOnlyList<PartitionView> views, HeadValueVisitor visit) => Each(views, (name, counts) => Tell(name, counts, visit));

    /// <summary>Of the series that match any of the sets (none: all) and have a sample in the range. Costs a look at each of these series.</summary>
    public static HeadTotals Visit(
        IReadOnlyList<PartitionView> views, IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max, CancellationToken cancellation, HeadValueVisitor visit) =>
        Each(views, sets, min, max, cancellation, (name, counts) => Tell(name, counts, visit));

    /// <param name="label">Called once a label; the counts are valid for that call.</param>
    internal static HeadTotals Each(IReadOnlyList<PartitionView> views, Action<string, ValueCounts> label)
    {
        var filled = views.Where(view => view.SeriesCount > 0).Select(view => view.Head).ToList();
        var byName = new Dictionary<string, List<(HeadView Head, LabelPostings Postings)>>(StringComparer.Ordinal);
        foreach (var head in filled)
            foreach (var (symbol, postings) in head.Table.Postings)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(byName, head.Symbols.Text(symbol), out _);
                (places ??= []).Add((head, postings));
            }
        var lists = new List<(int Value, long List)>();
        var counts = new ValueCounts();
        foreach (var (name, places) in byName)
        {
            counts.Clear();
            foreach (var (head, postings) in places)
            {
                lists.Clear();
                postings.Values(lists);
                foreach (var (value, list) in lists)
                    if (postings.Count(list, head.SeriesCount) is > 0 and var series)
                        counts.Add(head.Symbols, value, series);
            }
            label(name, counts);
        }
        return new HeadTotals(
            filled.Sum(head => (long)head.SeriesCount), filled.Sum(head => head.Chunks),
            filled.Select(head => head.MinTime).DefaultIfEmpty(long.MaxValue).Min(), filled.Select(head => head.MaxTime).DefaultIfEmpty(long.MinValue).Max());
    }

    internal static HeadTotals Each(
        IReadOnlyList<PartitionView> views, IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max, CancellationToken cancellation, Action<string, ValueCounts> label)
    {
        var byName = new Dictionary<string, ValueCounts>(StringComparer.Ordinal);
        long total = 0;
        foreach (var view in views)
        {
            cancellation.ThrowIfCancellationRequested();
            var (table, symbols) = (view.Head.Table, view.Head.Symbols);
            var pairs = new Dictionary<long, int>();
            var matching = view.Head.Union(sets, Math.Max(min.Value, view.Floor), max.Value);
            total += matching.Count;
            foreach (var series in matching.Span)
            {
                ref var row = ref table.Row(series);
                var names = table.Names(row);
                var values = table.ValuesOf(row);
                for (var i = 0; i < names.Length; i++)
                    CollectionsMarshal.GetValueRefOrAddDefault(pairs, (long)names[i] << 32 | (uint)values[i], out _)++;
            }
            foreach (var (pair, series) in pairs)
            {
                ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(byName, symbols.Text((int)(pair >> 32)), out _);
                (counts ??= new ValueCounts()).Add(symbols, (int)pair, series);
            }
        }
        foreach (var (name, counts) in byName)
            label(name, counts);
        return new HeadTotals(total, 0, long.MaxValue, long.MinValue);
    }

    private static void Tell(string name, ValueCounts counts, HeadValueVisitor visit)
    {
        foreach (var value in counts.All)
            visit(name, value.Symbols.Bytes(value.Value), value.Series);
    }
}
