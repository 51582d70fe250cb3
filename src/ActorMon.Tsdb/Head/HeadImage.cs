using ActorMon.Model.Metadata;
using ActorMon.Tsdb.Cow;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Head;

/// <summary>What the writer knows of an open layout beyond what views show.</summary>
internal readonly record struct OpenLayout(int Index, int SlotCount, long LastAppendAt, bool Ended, DroppedSlot[] Dropped);

/// <summary>All of a head at one moment, immutable: made by the writer, to be written to a checkpoint on any thread.</summary>
internal sealed class HeadImage
{
    public required SeriesTable Series { get; init; }
    public required int SeriesCount { get; init; }
    public required CowSnapshot<LayoutView> Layouts { get; init; }
    public required OpenLayout[] Open { get; init; }
    public required AppendVector<SeriesHome> Homes { get; init; }
    public required int HomeCount { get; init; }
    public required LooseView Loose { get; init; }
    public required ExemplarSnapshot Exemplars { get; init; }
    public required IReadOnlyDictionary<string, MetricMetadata> Metadata { get; init; }
    public required long Floor { get; init; }

    /// <summary>
    /// The series number of each slot of each layout, -1 where there is none. Of a closed layout only slots with samples count: the others are of no use to anybody.
    /// </summary>
    public int[][] Slots()
    {
        var slots = new int[Layouts.Count][];
        var open = new bool[Layouts.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new int[Layouts[i].SlotCount];
            Array.Fill(slots[i], -1);
        }
        foreach (var layout in Open)
            open[layout.Index] = true;
        for (var series = 0; series < SeriesCount; series++)
        {
            for (var at = Volatile.Read(ref Series.Row(series).Home); at >= 0; at = Homes[at].Previous)
            {
                if (at >= HomeCount)
                    continue;
                var home = Homes[at];
                if (home.Slot < slots[home.Layout].Length && (open[home.Layout] || Layouts[home.Layout].Overlaps(home.Slot, long.MinValue, long.MaxValue)))
                    slots[home.Layout][home.Slot] = series;
            }
        }
        return slots;
    }
}
