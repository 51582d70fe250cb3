using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Head;

/// <summary>
/// One layout at one moment, immutable: sealed blocks, then open rows. The row array is shared with later views, which only fill places behind
/// <paramref name="RowCount"/>. <paramref name="SlotCount"/> cuts the slots that came later.
/// </summary>
internal sealed record LayoutView(LayoutId Id, int SlotCount, LayoutBlock[] Blocks, OpenRow[] Rows, int RowCount)
{
    public static readonly OpenRow[] NoRows = [];

    public void Read(int slot, long min, long max, SampleBuffer into)
    {
        if (slot >= SlotCount)
            return;
        foreach (var block in Blocks)
            block.Read(slot, min, max, into);
        for (var i = 0; i < RowCount; i++)
        {
            ref readonly var row = ref Rows[i];
            if (row.Time >= min && row.Time <= max && row.Has(slot))
                into.Add(row.Time, row.Values[slot]);
        }
    }

    public bool Overlaps(int slot, long min, long max)
    {
        if (slot >= SlotCount)
            return false;
        for (var i = RowCount - 1; i >= 0; i--)
            if (Rows[i].Time >= min && Rows[i].Time <= max && Rows[i].Has(slot))
                return true;
        for (var i = Blocks.Length - 1; i >= 0; i--)
            if (Blocks[i].Overlaps(slot, min, max))
                return true;
        return false;
    }

    /// <summary>Raises time and value to the slot's newest sample when that is newer (or equal and greater); false: there was none to raise them.</summary>
    public bool TryGetLast(int slot, ref long time, ref double value, bool found)
    {
        if (slot >= SlotCount)
            return false;
        var any = false;
        for (var i = RowCount - 1; i >= 0; i--)
            if (Rows[i].Has(slot))
                any |= Raise(Rows[i].Time, Rows[i].Values[slot], ref time, ref value, found | any);
        for (var i = Blocks.Length - 1; i >= 0; i--)
            if (Blocks[i].HasSamples(slot) && (!(found | any) || Blocks[i].MaxTime >= time) && Blocks[i].TryGetLast(slot, out var t, out var v))
                any |= Raise(t, v, ref time, ref value, found | any);
        return any;
    }

    private static bool Raise(long t, double v, ref long time, ref double value, bool found)
    {
        if (found && (t < time || (t == time && SampleOrder.Compare(v, value) <= 0)))
            return false;
        (time, value) = (t, v);
        return true;
    }
}
