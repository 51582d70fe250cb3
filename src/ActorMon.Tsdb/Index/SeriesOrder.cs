using System.Buffers;

namespace ActorMon.Tsdb.Index;

/// <summary>
/// The canonical (label) order of a table's series, remembered: the rank of each of the first so many series, 4 bytes a series. Made when a query first wants many
/// series in order, extended by a merge when series have come since. Any thread; readers of older views use the ranks of a longer order as they are.
/// </summary>
internal sealed class SeriesOrder(SeriesTable table)
{
    /// <summary>Fewer series are compared by their labels.</summary>
    private const int RankedFrom = 64;

    /// <summary>Ranks are brought up to date for at least one in so many of all series: that costs a step for each series of the table.</summary>
    private const int RankedShare = 64;

    private int[] _ranks = [];

    /// <summary>Sorts series with numbers below <paramref name="count"/> by their labels.</summary>
    public void Sort(Span<int> series, int count)
    {
        if (series.Length < 2)
            return;
        var ranks = Volatile.Read(ref _ranks);
        if (ranks.Length < count)
        {
            if (series.Length < RankedFrom || series.Length < count / RankedShare)
            {
                series.Sort(table.CompareLabels);
                return;
            }
            ranks = Extend(ranks, count);
        }
        var keys = ArrayPool<int>.Shared.Rent(series.Length);
        for (var i = 0; i < series.Length; i++)
            keys[i] = ranks[series[i]];
        keys.AsSpan(0, series.Length).Sort(series);
        ArrayPool<int>.Shared.Return(keys);
    }

    private int[] Extend(int[] known, int count)
    {
        // Series by rank: the known ones from the front, the new ones sorted behind them, merged from the back.
        var sorted = new int[count];
        for (var series = 0; series < known.Length; series++)
            sorted[known[series]] = series;
        var fresh = new int[count - known.Length];
        for (var i = 0; i < fresh.Length; i++)
            fresh[i] = known.Length + i;
        fresh.AsSpan().Sort(table.CompareLabels);
        var (old, young) = (known.Length - 1, fresh.Length - 1);
        for (var at = count - 1; young >= 0; at--)
            sorted[at] = old >= 0 && table.CompareLabels(sorted[old], fresh[young]) > 0 ? sorted[old--] : fresh[young--];
        var ranks = new int[count];
        for (var rank = 0; rank < count; rank++)
            ranks[sorted[rank]] = rank;
        // Another reader may have been here with a younger view: the longer order stays.
        for (var before = known; before.Length < count;)
        {
            var seen = Interlocked.CompareExchange(ref _ranks, ranks, before);
            if (ReferenceEquals(seen, before))
                break;
            before = seen;
        }
        return ranks;
    }
}
