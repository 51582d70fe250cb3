using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Scraping.Caching;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Scraping.Reports;
using ActorMon.Scraping.Samples;

namespace ActorMon.Scraping;

/// <summary>What one scrape has for one partition.</summary>
internal sealed class PartitionOutput(PartitionLayout layout)
{
    public PartitionLayout Layout { get; } = layout;
    public List<LooseSample> Loose { get; } = [];
    public List<SeriesExemplar> Exemplars { get; } = [];

    public void Clear()
    {
        Loose.Clear();
        Exemplars.Clear();
    }
}

/// <summary>
/// All that is remembered of a target's series between two scrapes: cache, layouts, loose series, metadata, and which series must end when they do not come again. A scrape is
/// one transaction on it: Begin, changes, then Commit or Fail, then Build.
/// </summary>
internal sealed partial class TargetSeries
{
    private readonly LabelSet _target;
    private readonly ScraperOptions _options;
    private readonly LayoutNumbers _numbers;
    private readonly Dictionary<PartitionId, short> _byPartition = [];
    private readonly (short Output, int Slot, bool Present)[] _reports = new (short, int, bool)[ReportSeries.All.Length];
    private readonly string _job;
    private readonly string _instance;
    private Dictionary<ulong, LabelSet>? _adopted;
    private bool _hasOrphans;
    private bool _reportMetadataPending = true;

    public TargetSeries(LabelSet target, ScraperOptions options, LayoutNumbers numbers)
    {
        (_target, _options, _numbers) = (target, options, numbers);
        (_job, _instance) = (target.Get(LabelNames.Job), target.Get(LabelNames.Instance));
        for (var i = 0; i < _reports.Length; i++)
            _reports[i] = (OutputFor(ReportSeries.LabelsOf(i, target)), -1, false);
    }

    public SeriesCache Cache { get; } = new();
    public MetadataCache Metadata { get; } = new();
    public LooseSeries Loose { get; } = new();
    public ExemplarFilter Exemplars { get; } = new();
    public List<PartitionOutput> Outputs { get; } = [];

    /// <summary>Series that got a stale marker in the running scrape, complete after <see cref="Build"/>.</summary>
    public int Ended { get; private set; }

    /// <summary>An entry that was there before the running scrape got a slot or a loose row in it.</summary>
    public bool OldEntriesChanged { get; set; }

    /// <summary>Reads labels back from a raw key and applies the rules of the job; null: it cannot be told.</summary>
    public required Func<int, LabelSet?> LabelsOfEntry { get; set; }

    /// <summary>Index of the partition that a series belongs to.</summary>
    public short OutputFor(LabelSet series)
    {
        // Nearly every series has the target's own job and instance, and then its partition.
        if (Outputs.Count > 0 && _job.Length > 0 && _instance.Length > 0 && series.Get(LabelNames.Job) == _job && series.Get(LabelNames.Instance) == _instance)
            return 0;
        var partition = Placement.Of(series, _options.Partitions);
        if (!_byPartition.TryGetValue(partition, out var output))
        {
            output = (short)Outputs.Count;
            Outputs.Add(new PartitionOutput(new PartitionLayout(partition, _numbers)));
            Outputs[output].Layout.Begin();
            _byPartition.Add(partition, output);
        }
        return output;
    }

    public void Begin()
    {
        Cache.Begin();
        Loose.Begin();
        Metadata.Begin();
        OldEntriesChanged = false;
        Ended = 0;
        BeginAdmission();
        foreach (var output in Outputs)
        {
            output.Clear();
            output.Layout.Begin();
        }
    }

    /// <summary>The scrape succeeded: series that did not come end now. True when the cache forgot entries.</summary>
    public bool Commit(TimestampMs time, bool flush)
    {
        EndMissing(time, failed: false);
        if (!flush)
            return false;
        Metadata.Prune(Cache.Scrape);
        if (!Cache.Commit())
            return false;
        var moved = Loose.KeepOnly(Cache.Scrape);
        for (var entry = 0; entry < Cache.Count; entry++)
            if (Cache[entry].Loose >= 0)
                Cache[entry].Loose = moved[Cache[entry].Loose];
        Exemplars.Clear();
        return true;
    }

    /// <summary>The scrape failed: what it brought is taken back and every series of the target ends.</summary>
    public void Fail(TimestampMs time)
    {
        var anyExemplar = false;
        WithdrawAdmitted();
        Cache.Rollback();
        Loose.Rollback();
        foreach (var output in Outputs)
        {
            anyExemplar |= output.Exemplars.Count > 0;
            output.Clear();
            output.Layout.Rollback();
        }
        if (anyExemplar)
            Exemplars.Clear();
        if (OldEntriesChanged)
            for (var entry = 0; entry < Cache.Count; entry++)
                TakeBack(ref Cache[entry]);
        EndMissing(time, failed: true);
    }

    /// <summary>Writes the report series of this scrape.</summary>
    public void Report(in ReportValues values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ref var report = ref _reports[i];
            var layout = Outputs[report.Output].Layout;
            if (report.Slot < 0)
            {
                var labels = ReportSeries.LabelsOf(i, _target);
                report.Slot = layout.FindOrAdd(StableHash.Of(labels), labels);
            }
            report.Present = true;
            layout.Set(report.Slot, values[i]);
        }
    }

    /// <summary>Report series whose layout was left and which will not be written again end here.</summary>
    public void EndReports(TimestampMs time)
    {
        for (var i = 0; i < _reports.Length; i++)
        {
            ref var report = ref _reports[i];
            if (report.Present && report.Slot < 0)
                End(report.Output, ReportSeries.LabelsOf(i, _target), time);
            report.Present = false;
        }
    }

    /// <summary>The batches of the scrape, one a partition that has anything.</summary>
    public SampleBatch[] Build(TimestampMs time)
    {
        var batches = new List<SampleBatch>(1);
        for (var i = 0; i < Outputs.Count; i++)
        {
            var output = Outputs[i];
            var columns = output.Layout.Build(time);
            Ended += output.Layout.EndedSlots;
            var metadata = i == 0 ? TakeMetadata() : [];
            if (columns is null && output.Loose.Count == 0 && output.Exemplars.Count == 0 && metadata.Length == 0)
                continue;
            batches.Add(new SampleBatch
            {
                Writer = _numbers.Writer,
                Partition = output.Layout.Partition,
                Columns = columns,
                Loose = output.Loose.Count == 0 ? [] : [.. output.Loose],
                Exemplars = output.Exemplars.Count == 0 ? [] : [.. output.Exemplars],
                Metadata = metadata,
                OnRelease = columns is null ? null : ColumnMemory.GiveBack,
            });
            output.Clear();
            if (output.Layout.IsMostlyDead())
                Renew(i);
        }
        return [.. batches];
    }

    public void Confirm(SampleBatch batch, bool ok)
    {
        if (batch.Columns is { } columns && _byPartition.TryGetValue(batch.Partition, out var output))
            Outputs[output].Layout.Confirm(columns, ok);
        if (ok || batch.Metadata.Length == 0)
            return;
        Metadata.GiveBack(batch.Metadata);
        _reportMetadataPending = true;
    }

    /// <summary>The partition does not know the target's layout: the next scrape registers a new one.</summary>
    public void ResetLayout(PartitionId partition)
    {
        if (!_byPartition.TryGetValue(partition, out var output))
            return;
        Renew(output);
        if (output != 0)
            return;
        Metadata.GiveBackAll();
        _reportMetadataPending = true;
    }

    /// <summary>Series that another node's scraper of this target left present: they end at the next scrape unless they come.</summary>
    public void Adopt(IReadOnlyCollection<LabelSet> present)
    {
        _adopted ??= new Dictionary<ulong, LabelSet>(present.Count);
        foreach (var labels in present)
            _adopted[StableHash.Of(labels)] = labels;
        // Report series come with every scrape, good or bad.
        for (var i = 0; i < ReportSeries.Ordinary; i++)
            _adopted.Remove(StableHash.Of(ReportSeries.LabelsOf(i, _target)));
    }

    private FamilyMetadata[] TakeMetadata()
    {
        var changed = Metadata.TakeChanged();
        if (!_reportMetadataPending)
            return changed;
        _reportMetadataPending = false;
        return [.. changed, .. ReportSeries.All];
    }

    private void Renew(int output)
    {
        var layout = Outputs[output].Layout;
        for (var entry = 0; entry < Cache.Count; entry++)
        {
            ref var cached = ref Cache[entry];
            if (cached.Output != output || cached.Slot < 0)
                continue;
            cached.Orphan = layout.WasPresent(cached.Slot);
            _hasOrphans |= cached.Orphan;
            cached.Slot = -1;
        }
        for (var i = 0; i < _reports.Length; i++)
            if (_reports[i].Output == output)
                _reports[i].Slot = -1;
        layout.Renew();
    }

    private void TakeBack(ref SeriesEntry entry)
    {
        if (entry.Slot >= Outputs[entry.Output].Layout.SlotCount)
            entry.Slot = -1;
        if (entry.Loose >= Loose.Count)
            entry.Loose = -1;
    }
}
