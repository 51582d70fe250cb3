using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Cow;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Head;

/// <summary>The writer's side of one layout.</summary>
internal sealed class LayoutState(LayoutId id, int index)
{
    public LayoutId Id { get; } = id;

    /// <summary>Its number in this store, never used again.</summary>
    public int Index { get; } = index;

    /// <summary>Series number of each slot.</summary>
    public int[] Series { get; set; } = [];

    /// <summary>Slots whose series is gone, ascending; their number in <see cref="Series"/> is -1.</summary>
    public DroppedSlot[] Dropped { get; set; } = [];
    public int SlotCount { get; set; }
    public ulong Hash { get; set; }

    /// <summary>Slots whose series has not moved to a newer layout. At zero the layout is closed.</summary>
    public int LiveSlots { get; set; }
    public bool Closed { get; set; }

    /// <summary>The newest scrape came then, by the store's clock (Unix ms).</summary>
    public long LastAppendAt { get; set; }

    /// <summary>The last scrape had stale markers only: its target is gone.</summary>
    public bool Ended { get; set; }

    /// <summary>What the WAL's open segment knows of this layout.</summary>
    public Wal.WalLayoutContext? Wal { get; set; }

    /// <summary>Place of a slot in <see cref="Dropped"/>, or negative.</summary>
    public int DroppedAt(int slot)
    {
        int low = 0, high = Dropped.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (Dropped[middle].Slot == slot)
                return middle;
            if (Dropped[middle].Slot < slot)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}

/// <summary>A series' place in a layout; entries of one series are linked from the newest to the oldest.</summary>
internal readonly record struct SeriesHome(int Layout, int Slot, int Previous);

/// <summary>
/// The layouts of a partition. A scrape costs one copy of its values; every <see cref="RowsPerBlock"/> scrapes they are turned into columns,
/// every <see cref="BlocksPerMerge"/> such blocks into one longer block. Called by the writer alone.
/// </summary>
internal sealed partial class LayoutStore(SeriesTable series)
{
    /// <summary>Open rows cost 8 bytes a sample, sealed ones 1 to 3: measured in docs/decisions/head-rows.md.</summary>
    public const int RowsPerBlock = 16;
    public const int BlocksPerMerge = 8;

    private readonly CowVector<LayoutView> _views = new(5);
    private readonly AppendVector<SeriesHome> _homes = new(9);
    private readonly List<LayoutState?> _states = [];
    private readonly Dictionary<LayoutId, LayoutState> _open = [];

    public long SealedBytes { get; private set; }
    public long Chunks { get; private set; }
    public int OpenCount => _open.Count;

    public LayoutState? Find(LayoutId id) => _open.GetValueOrDefault(id);

    public LayoutState Create(LayoutId id)
    {
        var state = new LayoutState(id, _views.Count);
        _views.Add(new LayoutView(id, 0, [], LayoutView.NoRows, 0));
        _states.Add(state);
        _open[id] = state;
        return state;
    }

    /// <summary>Appends a slot. A series that lives in another layout moves here; its older samples stay where they are.</summary>
    public void AddSlot(LayoutState state, int seriesRef)
    {
        AddPlace(state, seriesRef);
        AddHome(state, state.SlotCount - 1, seriesRef);
        state.Hash = LayoutHash.Append(state.Hash, series.Row(seriesRef).Hash);
    }

    private static void AddPlace(LayoutState state, int seriesRef)
    {
        if (state.SlotCount == state.Series.Length)
        {
            var larger = state.Series;
            Array.Resize(ref larger, Math.Max(4, state.SlotCount + state.SlotCount / 2));
            state.Series = larger;
        }
        state.Series[state.SlotCount++] = seriesRef;
    }

    private void AddHome(LayoutState state, int slot, int seriesRef)
    {
        ref var row = ref series.Row(seriesRef);
        if (row.Home >= 0 && _states[_homes[row.Home].Layout] is { } old)
            old.LiveSlots--;
        // Written before the row points to it: a reader that sees the new home finds it or cuts it by its count.
        var home = _homes.Add(new SeriesHome(state.Index, slot, row.Home));
        Volatile.Write(ref row.Home, home);
        state.LiveSlots++;
    }

    /// <summary>Trims the slot array after a registration: it seldom grows again.</summary>
    public static void TrimSlots(LayoutState state)
    {
        if (state.Series.Length <= state.SlotCount + state.SlotCount / 8)
            return;
        var exact = state.Series;
        Array.Resize(ref exact, state.SlotCount);
        state.Series = exact;
    }

    /// <summary>The content hash of the first slots.</summary>
    public ulong HashOf(LayoutState state, int slotCount)
    {
        if (slotCount == state.SlotCount)
            return state.Hash;
        ulong hash = 0;
        for (var slot = 0; slot < slotCount; slot++)
            hash = LayoutHash.Append(hash, HashOfSlot(state, slot));
        return hash;
    }

    public void Append(LayoutState state, OpenRow row, long now)
    {
        ref var slot = ref _views.Writable(state.Index);
        var view = slot;
        var rows = view.Rows.Length == RowsPerBlock && view.RowCount < RowsPerBlock ? view.Rows : new OpenRow[RowsPerBlock];
        rows[view.RowCount] = row;
        slot = new LayoutView(state.Id, state.SlotCount, view.Blocks, rows, view.RowCount + 1);
        state.LastAppendAt = now;
        state.Ended = IsEnd(row);
        if (slot.RowCount == RowsPerBlock)
            SealRows(state);
    }

    /// <summary>
    /// Gives the buffers of layouts back whose series have all moved, whose target has ended, or that had no scrape since <paramref name="idleSince"/>.
    /// A writer that still sends to one is told that the layout is unknown and registers a fresh one.
    /// </summary>
    public void CloseAbandoned(long endedSince, long idleSince)
    {
        List<LayoutState>? abandoned = null;
        foreach (var state in _open.Values)
            if (state.LiveSlots == 0 || state.LastAppendAt < idleSince || (state.Ended && state.LastAppendAt < endedSince))
                (abandoned ??= []).Add(state);
        if (abandoned is null)
            return;
        foreach (var state in abandoned)
            Close(state);
    }

    /// <summary>Appends a sealed block (recovery).</summary>
    public void AddBlock(LayoutState state, LayoutBlock block)
    {
        ref var view = ref _views.Writable(state.Index);
        view = view with { SlotCount = state.SlotCount, Blocks = [.. view.Blocks, block] };
        Count(block, 1);
    }

    public OpenLayout[] Open()
    {
        var open = new OpenLayout[_open.Count];
        var count = 0;
        foreach (var state in _open.Values)
            open[count++] = new OpenLayout(state.Index, state.SlotCount, state.LastAppendAt, state.Ended, state.Dropped);
        return open;
    }

    /// <summary>Drops blocks that end before the floor.</summary>
    public void DropBefore(long floor)
    {
        for (var i = 0; i < _views.Count; i++)
        {
            var view = _views[i];
            var keep = Array.FindIndex(view.Blocks, block => block.MaxTime >= floor);
            var drop = keep < 0 ? view.Blocks.Length : keep;
            if (drop == 0)
                continue;
            foreach (var block in view.Blocks.AsSpan(0, drop))
            {
                SealedBytes -= block.Bytes;
                Chunks -= block.SlotCount;
            }
            _views.Writable(i) = view with { Blocks = view.Blocks[drop..] };
        }
    }

    public CowSnapshot<LayoutView> Views() => _views.Snapshot();

    /// <summary>Never changed, only added to: a reader follows it past its view's count to get back into its view.</summary>
    public AppendVector<SeriesHome> Homes => _homes;

    public void Close(LayoutState state)
    {
        if (_views[state.Index].RowCount > 0)
            SealRows(state);
        ref var view = ref _views.Writable(state.Index);
        view = view with { Rows = LayoutView.NoRows, RowCount = 0 };
        state.Closed = true;
        _open.Remove(state.Id);
        // Only the blocks remain; the slot list and the WAL's state are garbage now.
        _states[state.Index] = null;
    }

    private void SealRows(LayoutState state)
    {
        ref var view = ref _views.Writable(state.Index);
        var block = LayoutBlock.Seal(view.Rows.AsSpan(0, view.RowCount), view.SlotCount);
        Count(block, 1);
        var blocks = view.Blocks;
        var small = 0;
        while (small < blocks.Length && blocks[blocks.Length - 1 - small].Rows <= RowsPerBlock)
            small++;
        if (small + 1 < BlocksPerMerge)
        {
            view = view with { Blocks = [.. blocks, block], Rows = LayoutView.NoRows, RowCount = 0 };
            return;
        }
        LayoutBlock[] tail = [.. blocks.AsSpan(blocks.Length - small), block];
        var merged = LayoutBlock.Merge(tail);
        foreach (var part in tail)
            Count(part, -1);
        Count(merged, 1);
        view = view with { Blocks = [.. blocks.AsSpan(0, blocks.Length - small), merged], Rows = LayoutView.NoRows, RowCount = 0 };
    }

    private void Count(LayoutBlock block, int sign)
    {
        SealedBytes += sign * block.Bytes;
        Chunks += sign * block.SlotCount;
    }

    private static bool IsEnd(OpenRow row)
    {
        // The first present value decides for nearly every scrape.
        for (var i = 0; i < row.Values.Length; i++)
            if (row.Has(i) && !SpecialValues.IsStale(row.Values[i]))
                return false;
        return true;
    }
}
