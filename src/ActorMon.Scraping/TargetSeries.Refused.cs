using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Reports;

namespace ActorMon.Scraping;

/// <summary>Batches that a partition refused because it does not know the layout.</summary>
internal sealed partial class TargetSeries
{
    /// <summary>The samples of a batch whose layout the partition does not know, each with its labels.</summary>
    public SampleBatch ToLoose(SampleBatch refused)
    {
        var columns = refused.Columns;
        if (columns is null || !_byPartition.TryGetValue(refused.Partition, out var output))
            return refused;
        var labels = LabelsOfSlots(output, columns);
        var loose = new List<LooseSample>(refused.Loose.Length + columns.SlotCount);
        loose.AddRange(refused.Loose);
        for (var slot = 0; slot < columns.SlotCount; slot++)
            if (labels[slot] is { } series && (columns.Missing.IsEmpty || (columns.Missing.Span[slot >> 6] >> slot & 1) == 0))
                loose.Add(new LooseSample(series, columns.Timestamp, columns.Values.Span[slot]));
        return new SampleBatch
        {
            Writer = refused.Writer,
            Number = refused.Number,
            Partition = refused.Partition,
            Loose = [.. loose],
            Exemplars = refused.Exemplars,
            Metadata = refused.Metadata,
        };
    }

    private LabelSet?[] LabelsOfSlots(short output, LayoutColumns columns)
    {
        var labels = new LabelSet?[columns.SlotCount];
        columns.NewSeries.CopyTo(labels, columns.FirstNewSlot);
        if (Outputs[output].Layout.Id != columns.Layout)
            return labels;
        for (var entry = 0; entry < Cache.Count; entry++)
        {
            ref var cached = ref Cache[entry];
            if (cached.Output == output && (uint)cached.Slot < (uint)columns.FirstNewSlot)
                labels[cached.Slot] ??= LabelsOfEntry(entry);
        }
        for (var i = 0; i < _reports.Length; i++)
            if (_reports[i].Output == output && (uint)_reports[i].Slot < (uint)columns.FirstNewSlot)
                labels[_reports[i].Slot] = ReportSeries.LabelsOf(i, _target);
        return labels;
    }
}
