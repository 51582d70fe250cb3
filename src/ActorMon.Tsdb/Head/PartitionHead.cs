using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Metadata;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Head;

/// <summary>Everything of a partition that is in memory. Changed by the writer alone; readers see it through <see cref="View"/>.</summary>
internal sealed partial class PartitionHead(NodeSymbols symbols, PartitionLimits limits)
{
    private const long LooseDropEveryMs = 600_000;

    private readonly ExemplarRing _exemplars = new(limits.Exemplars);
    private Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);
    private bool _metadataShared;
    private long _nextLooseDrop = long.MinValue;

    public SeriesTable Series { get; } = new(symbols);

    public LayoutStore Layouts { get => field ??= new LayoutStore(Series); }

    public LooseStore Loose { get; } = new();

    public long FloatSamples { get; private set; }
    public long HistogramSamples { get; private set; }
    public long Exemplars => _exemplars.Appended;
    public long ExemplarsOffered => _exemplars.Offered;
    public int ExemplarsHeld => _exemplars.Count;
    public long MinTime { get; private set; } = long.MaxValue;
    public long MaxTime { get; private set; } = long.MinValue;

    /// <summary>Nothing older is visible; whole blocks before it are gone.</summary>
    public long Floor { get; private set; } = long.MinValue;

    public void AppendRow(LayoutState layout, OpenRow row, int missing, long now)
    {
        Layouts.Append(layout, row, now);
        FloatSamples += row.Values.Length - missing;
        Seen(row.Time);
    }

    /// <summary>The series' number among the loose ones, given at its first loose sample.</summary>
    public int LooseOf(int series)
    {
        ref var row = ref Series.Row(series);
        if (row.Loose < 0)
            Volatile.Write(ref row.Loose, Loose.Add());
        return row.Loose;
    }

    /// <param name="loose">From <see cref="LooseOf"/>.</param>
    public void AppendLoose(int loose, long time, NativeHistogram histogram)
    {
        Loose.Append(loose, time, histogram);
        HistogramSamples++;
        Seen(time);
    }

    /// <summary>A run of floats of one series; <paramref name="column"/>: the values encoded, or empty.</summary>
    public void AppendLoose(int loose, ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<byte> column)
    {
        if (times.Length == 1)
            Loose.Append(loose, times[0], values[0]);
        else
            Loose.Append(loose, times, values, column);
        FloatSamples += times.Length;
        foreach (var time in times)
            Seen(time);
    }

    public void AddExemplar(int series, Exemplar exemplar) => _exemplars.Add(series, exemplar);

    /// <summary>Takes out the exemplars that a deletion names; false: there was none.</summary>
    public bool RemoveExemplars(SeriesDeletion deletion) =>
        _exemplars.Remove(held => held.Exemplar.Timestamp.Value >= deletion.Min && held.Exemplar.Timestamp.Value <= deletion.Max && deletion.Matches(Series.Labels(held.Series)));

    public void SetMetadata(string family, MetricMetadata metadata)
    {
        if (_metadata.TryGetValue(family, out var known) ? known == metadata : _metadata.Count >= limits.MetadataFamilies)
            return;
        if (_metadataShared)
        {
            _metadata = new Dictionary<string, MetricMetadata>(_metadata, StringComparer.Ordinal);
            _metadataShared = false;
        }
        _metadata[family] = metadata;
    }

    public void DropBefore(long floor)
    {
        if (floor <= Floor)
            return;
        Floor = floor;
        if (MinTime >= floor)
            return;
        MinTime = floor;
        Layouts.DropBefore(floor);
        // Walks every list of chunks: seldom. What is older is hidden by the floor meanwhile.
        if (floor < _nextLooseDrop)
            return;
        _nextLooseDrop = floor + LooseDropEveryMs;
        Loose.DropBefore(floor);
    }

    /// <summary>What readers get from now on; costs little and is made once a group of batches.</summary>
    public HeadView View(DeletionMask? deleted = null)
    {
        Loose.TrimLog();
        _metadataShared = true;
        return new HeadView(
            Series,
            Series.Count,
            Layouts.Views(),
            Layouts.Homes,
            Loose.View(),
            _exemplars.Snapshot(),
            _metadata,
            Floor,
            MinTime,
            MaxTime,
            Layouts.Chunks + Loose.Chunks)
        {
            Deleted = deleted is { IsEmpty: false } ? deleted : null,
        };
    }

    private void Seen(long time)
    {
        MinTime = Math.Min(MinTime, time);
        MaxTime = Math.Max(MaxTime, time);
    }
}
