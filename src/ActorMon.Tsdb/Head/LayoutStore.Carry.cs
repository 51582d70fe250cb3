using System.Diagnostics;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Head;

/// <summary>A slot whose series the head has given up: the number stays, so that the writer's other slots keep theirs.</summary>
internal readonly record struct DroppedSlot(int Slot, ulong Hash);

/// <summary>Moving to the next generation of the head.</summary>
internal sealed partial class LayoutStore
{
    /// <summary>
    /// What remains of each layout from a time on; null: nothing. Blocks and rows are shared; only blocks that begin before the time are written anew without those rows.
    /// </summary>
    public LayoutView?[] From(long time)
    {
        var kept = new LayoutView?[_views.Count];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = From(_views[i], time);
        return kept;
    }

    private static LayoutView? From(LayoutView view, long time)
    {
        var blocks = view.Blocks;
        if (Array.Exists(blocks, block => block.MinTime < time))
            blocks = [.. blocks.Where(block => block.MaxTime >= time).Select(block => block.From(time))];
        var rows = view.Rows;
        var count = 0;
        for (var i = 0; i < view.RowCount; i++)
            count += rows[i].Time >= time ? 1 : 0;
        if (count == 0)
            rows = LayoutView.NoRows;
        if (count == 0 && blocks.Length == 0)
            return null;
        if (count > 0 && count < view.RowCount)
        {
            rows = new OpenRow[RowsPerBlock];
            var at = 0;
            foreach (ref readonly var row in view.Rows.AsSpan(0, view.RowCount))
                if (row.Time >= time)
                    rows[at++] = row;
        }
        return view with { Blocks = blocks, Rows = rows, RowCount = count };
    }

    /// <summary>Whether a series has a sample in what remains.</summary>
    public bool Has(LayoutView?[] kept, int series1)
    {
        for (var at = series.Row(series1).Home; at >= 0; at = _homes[at].Previous)
            if (kept[_homes[at].Layout] is { } view && view.Overlaps(_homes[at].Slot, long.MinValue, long.MaxValue))
                return true;
        return false;
    }

    /// <summary>
    /// Fills this empty store with what remains of another one. A layout of which nothing remains is forgotten, open or not: its writer is told so and registers anew.
    /// A slot of an open one whose series is gone stays as a number; a scrape that fills it again makes its writer register anew as well.
    /// </summary>
    /// <param name="kept">From <see cref="From(long)"/>.</param>
    /// <param name="numbers">New series number by old one, or -1.</param>
    public void Carry(LayoutStore from, LayoutView?[] kept, ReadOnlySpan<int> numbers)
    {
        Debug.Assert(_views.Count == 0, "only an empty store is filled");
        var indexes = new int[kept.Length];
        for (var old = 0; old < kept.Length; old++)
        {
            indexes[old] = -1;
            if (kept[old] is not { } view)
                continue;
            indexes[old] = _views.Add(view);
            foreach (var block in view.Blocks)
                Count(block, 1);
            var state = from._states[old];
            _states.Add(state is null ? null : Carry(from, state, indexes[old], numbers));
        }
        for (var old = 0; old < numbers.Length; old++)
            if (numbers[old] >= 0)
                CarryHomes(from, from.Table.Row(old).Home, ref series.Row(numbers[old]), kept, indexes);
    }

    private SeriesTable Table => series;

    /// <summary>Times of the oldest and newest sample; MinTime &gt; MaxTime: there is none.</summary>
    public (long MinTime, long MaxTime) Range()
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < _views.Count; i++)
        {
            var view = _views[i];
            foreach (var block in view.Blocks)
                (min, max) = (Math.Min(min, block.MinTime), Math.Max(max, block.MaxTime));
            foreach (ref readonly var row in view.Rows.AsSpan(0, view.RowCount))
                (min, max) = (Math.Min(min, row.Time), Math.Max(max, row.Time));
        }
        return (min, max);
    }

    private LayoutState Carry(LayoutStore from, LayoutState state, int index, ReadOnlySpan<int> numbers)
    {
        var carried = new LayoutState(state.Id, index)
        {
            Series = new int[state.SlotCount],
            SlotCount = state.SlotCount,
            Hash = state.Hash,
            LastAppendAt = state.LastAppendAt,
            Ended = state.Ended,
        };
        List<DroppedSlot>? dropped = null;
        for (var slot = 0; slot < state.SlotCount; slot++)
        {
            var old = state.Series[slot];
            carried.Series[slot] = old < 0 ? -1 : numbers[old];
            if (carried.Series[slot] < 0)
                (dropped ??= []).Add(new DroppedSlot(slot, from.HashOfSlot(state, slot)));
        }
        if (dropped is not null)
            carried.Dropped = [.. dropped];
        _open[state.Id] = carried;
        return carried;
    }

    private void CarryHomes(LayoutStore from, int newest, ref SeriesRow row, LayoutView?[] kept, int[] indexes)
    {
        var chain = new IntStack(stackalloc int[64]);
        for (var at = newest; at >= 0; at = from._homes[at].Previous)
        {
            var home = from._homes[at];
            if (kept[home.Layout] is not { } view || (from._states[home.Layout] is null && !view.Overlaps(home.Slot, long.MinValue, long.MaxValue)))
                continue;
            chain.Push(at);
        }
        while (chain.TryPop(out var at))
        {
            var home = from._homes[at];
            row.Home = _homes.Add(new SeriesHome(indexes[home.Layout], home.Slot, row.Home));
        }
        if (row.Home >= 0 && _states[_homes[row.Home].Layout] is { } live)
            live.LiveSlots++;
    }

    /// <summary>The StableHash of a slot's labels.</summary>
    public ulong HashOfSlot(LayoutState state, int slot)
    {
        var number = state.Series[slot];
        return number >= 0 ? series.Row(number).Hash : state.Dropped[state.DroppedAt(slot)].Hash;
    }

    /// <summary>Appends a slot whose series is gone.</summary>
    public static void AddDropped(LayoutState state, ulong hash)
    {
        AddPlace(state, -1);
        state.Dropped = [.. state.Dropped, new DroppedSlot(state.SlotCount - 1, hash)];
        state.Hash = Model.Ingest.LayoutHash.Append(state.Hash, hash);
    }

    /// <summary>A slot whose series was gone has it again (recovery: the log is ahead of the head it is read into). False: it is another series.</summary>
    public bool TryRevive(LayoutState state, int slot, int seriesRef)
    {
        var at = state.DroppedAt(slot);
        if (at < 0 || state.Dropped[at].Hash != series.Row(seriesRef).Hash)
            return false;
        state.Dropped = [.. state.Dropped.AsSpan(0, at), .. state.Dropped.AsSpan(at + 1)];
        state.Series[slot] = seriesRef;
        AddHome(state, slot, seriesRef);
        return true;
    }
}
