using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb;

/// <summary>Whether a batch may be applied, decided before anything of it is: a batch half in is not possible.</summary>
internal sealed class BatchCheck(PartitionOptions options, PartitionHead head)
{
    public AppendResult Check(SampleBatch batch)
    {
        if (batch.Partition != options.Partition)
            return Refuse($"the batch is for partition {batch.Partition}, this is {options.Partition}");
        if (batch.Columns is { } columns)
        {
            var result = CheckColumns(columns);
            if (result.Status != AppendStatus.Accepted)
                return result;
        }
        // Samples of one series follow each other, and what the table knows was checked when it came.
        LabelSet? before = null;
        foreach (ref readonly var sample in batch.Loose.AsSpan())
        {
            if (ReferenceEquals(sample.Series, before))
                continue;
            before = sample.Series;
            if (head.Series.Noted(before) < 0 && LabelProblem(before) is { } problem)
                return Refuse(problem);
        }
        foreach (ref readonly var exemplar in batch.Exemplars.AsSpan())
            if (LabelProblem(exemplar.Series) is { } problem)
                return Refuse(problem);
        return SeriesLimit(batch);
    }

    private AppendResult CheckColumns(LayoutColumns columns)
    {
        if (columns.Values.Length != columns.SlotCount || columns.FirstNewSlot < 0 || columns.FirstNewSlot + columns.NewSeries.Length != columns.SlotCount)
            return Refuse($"layout {columns.Layout}: {columns.SlotCount} slots, {columns.Values.Length} values, {columns.NewSeries.Length} new series from slot {columns.FirstNewSlot} do not fit together");
        if (columns.SlotCount == 0)
            return Refuse($"layout {columns.Layout}: a scrape without slots");
        if (columns.SlotCount > options.Limits.LayoutSlots)
            return Refuse($"layout {columns.Layout}: {columns.SlotCount} slots, the limit is {options.Limits.LayoutSlots} (LayoutSlots)");
        if (!columns.Missing.IsEmpty && columns.Missing.Length < (columns.SlotCount + 63) / 64)
            return Refuse($"layout {columns.Layout}: the bitmap of missing slots is too short");
        foreach (var labels in columns.NewSeries)
            if (LabelProblem(labels) is { } problem)
                return Refuse(problem);

        var layout = head.Layouts.Find(columns.Layout);
        var known = layout?.SlotCount ?? 0;
        if (columns.FirstNewSlot > known)
            return new AppendResult(AppendStatus.UnknownLayout);
        if (layout is not null && FillsDropped(layout, columns))
            return new AppendResult(AppendStatus.UnknownLayout);
        // What is known is compared by hash, what is new is folded in as the writer did.
        var common = Math.Min(known, columns.SlotCount);
        var hash = layout is null ? 0 : head.Layouts.HashOf(layout, common);
        for (var slot = common; slot < columns.SlotCount; slot++)
            hash = LayoutHash.Append(hash, StableHash.Of(columns.NewSeries[slot - columns.FirstNewSlot]));
        return new AppendResult(hash == columns.ContentHash ? AppendStatus.Accepted : AppendStatus.HashMismatch);
    }

    /// <summary>A series that had ended, so that the head gave it up, has come back: its labels are needed.</summary>
    private static bool FillsDropped(LayoutState layout, LayoutColumns columns)
    {
        var missing = columns.Missing.Span;
        foreach (var (slot, _) in layout.Dropped)
            if (slot < columns.SlotCount && (missing.IsEmpty || (missing[slot >> 6] >> slot & 1) == 0))
                return true;
        return false;
    }

    private AppendResult SeriesLimit(SampleBatch batch)
    {
        var limit = options.Limits.Series;
        var newSeries = batch.Columns?.NewSeries ?? [];
        if (limit == 0 || head.Series.Count + newSeries.Length + batch.Loose.Length + batch.Exemplars.Length <= limit)
            return default;
        var added = new HashSet<LabelSet>();
        foreach (var labels in newSeries)
            Add(labels);
        foreach (ref readonly var sample in batch.Loose.AsSpan())
            Add(sample.Series);
        foreach (ref readonly var exemplar in batch.Exemplars.AsSpan())
            Add(exemplar.Series);
        return head.Series.Count + added.Count <= limit
            ? default
            : Refuse($"{added.Count} new series would make {head.Series.Count + added.Count}, the limit of a partition is {limit} (Series)");

        void Add(LabelSet labels)
        {
            if (head.Series.Find(labels) < 0)
                added.Add(labels);
        }
    }

    private string? LabelProblem(LabelSet labels)
    {
        if (labels.Count > options.Limits.LabelsPerSeries)
            return $"a series with {labels.Count} labels, the limit is {options.Limits.LabelsPerSeries} (LabelsPerSeries)";
        foreach (ref readonly var label in labels.AsSpan())
            if (label.Name.Length + label.Value.Length > NodeSymbols.MaxBytes / 3)
                return $"label {label.Name[..Math.Min(64, label.Name.Length)]} is longer than {NodeSymbols.MaxBytes / 3} characters";
        return null;
    }

    private static AppendResult Refuse(string text) => new(AppendStatus.Refused, text);
}
