using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;

namespace ActorMon.Scraping.Tests.Support;

/// <summary>
/// What partition replicas do with batches, as far as their contract goes: registers layouts, refuses batches that do not fit them, and stores samples. A real sample
/// beats a stale marker of the same time. Batches are released after reading, so pooled memory is handed on as in production.
/// </summary>
internal sealed class FakePartition
{
    private readonly Dictionary<LayoutId, List<LabelSet>> _layouts = [];

    public SortedDictionary<(string Series, long Time), double> Samples { get; } = [];
    public List<LooseSample> Loose { get; } = [];
    public List<SeriesExemplar> Exemplars { get; } = [];
    public Dictionary<string, FamilyMetadata> Metadata { get; } = [];

    /// <summary>Stores a batch; false: its layout is not known.</summary>
    public bool Write(SampleBatch batch)
    {
        if (batch.Columns is { } columns && !Write(columns))
            return false;
        foreach (var sample in batch.Loose)
        {
            Loose.Add(sample);
            if (sample.Histogram is null)
                Put(sample.Series, sample.Timestamp.Value, sample.Value);
        }
        Exemplars.AddRange(batch.Exemplars);
        foreach (var row in batch.Metadata)
            Metadata[row.Family] = row;
        return true;
    }

    public void ForgetLayouts() => _layouts.Clear();

    public int Layouts => _layouts.Count;

    public int SlotsOfLargest => _layouts.Values.Max(l => l.Count);

    private bool Write(LayoutColumns columns)
    {
        if (!_layouts.TryGetValue(columns.Layout, out var slots))
        {
            if (columns.FirstNewSlot > 0)
                return false;
            _layouts[columns.Layout] = slots = [];
        }
        Assert.True(columns.FirstNewSlot <= slots.Count, "slots skipped");
        Assert.Equal(columns.SlotCount - columns.FirstNewSlot, columns.NewSeries.Length);
        Assert.Equal(columns.SlotCount, columns.Values.Length);
        for (var i = 0; i < columns.NewSeries.Length; i++)
            if (columns.FirstNewSlot + i < slots.Count)
                Assert.Equal(slots[columns.FirstNewSlot + i], columns.NewSeries[i]);
            else
                slots.Add(columns.NewSeries[i]);
        Assert.Equal(columns.SlotCount, slots.Count);
        Assert.Equal(slots.Count, slots.Distinct().Count());
        Assert.Equal(slots.Aggregate(0UL, (hash, labels) => LayoutHash.Append(hash, StableHash.Of(labels))), columns.ContentHash);
        var missing = columns.Missing.Span;
        for (var slot = 0; slot < slots.Count; slot++)
            if (missing.IsEmpty || (missing[slot >> 6] >> slot & 1) == 0)
                Put(slots[slot], columns.Timestamp.Value, columns.Values.Span[slot]);
        return true;
    }

    private void Put(LabelSet series, long time, double value)
    {
        var key = (series.ToString(), time);
        if (Samples.TryGetValue(key, out var old) && !Model.Samples.SpecialValues.IsStale(old))
            return;
        Samples[key] = value;
    }
}
