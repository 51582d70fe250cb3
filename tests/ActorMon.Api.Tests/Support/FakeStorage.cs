using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Testing.Storage;

namespace ActorMon.Api.Tests.Support;

/// <summary>Storage and ingest of a node in memory: what is written can be read.</summary>
internal sealed class FakeStorage : IStoragePort, IIngestPort, INewestSamples
{
    private readonly Dictionary<LabelSet, (long Time, double Value)> _newest = [];

    public MemorySeriesSource Source { get; } = new();

    /// <summary>What every read says is missing.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];
    public Dictionary<string, IReadOnlyList<MetricMetadata>> Families { get; } = new(StringComparer.Ordinal);
    public List<ExemplarSeries> ExemplarRows { get; } = [];
    public List<SeriesExemplar> WrittenExemplars { get; } = [];

    /// <summary>Samples that were handed over, the same one as often as it came.</summary>
    public int WrittenSamples { get; private set; }
    public int HeadRows { get; private set; }

    /// <summary>What a write answers instead of storing.</summary>
    public string? Unavailable { get; set; }

    /// <summary>A write may not be tried again.</summary>
    public bool IsRejected { get; set; }

    public void Add(LabelSet labels, long time, double value)
    {
        Source.Add(labels, time, value);
        Note(labels, time, value);
    }

    public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation) =>
        new IncompleteSelection(await Source.SelectAsync(request, cancellation), Missing);

    public async ValueTask<Partial<IReadOnlyList<LabelSet>>> SeriesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        var found = new SortedSet<LabelSet>();
        foreach (var matchers in matcherSets.Count == 0 ? [[]] : matcherSets)
        {
            using var selection = await Source.SelectAsync(new SeriesRequest(matchers, min, max), cancellation);
            var samples = new SampleBuffer();
            for (var i = 0; i < selection.Count; i++)
            {
                selection.Read(i, samples);
                if (samples.Count > 0)
                    found.Add(selection.LabelsAt(i));
            }
        }
        return new([.. found], Missing);
    }

    public async ValueTask<Partial<IReadOnlyList<string>>> LabelNamesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        new([.. (await SeriesAsync(matcherSets, min, max, cancellation)).Value.SelectMany(s => s).Select(l => l.Name).Distinct().Order(StringComparer.Ordinal)], Missing);

    public async ValueTask<Partial<IReadOnlyList<string>>> LabelValuesAsync(string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        new([.. (await SeriesAsync(matcherSets, min, max, cancellation)).Value.SelectMany(s => s).Where(l => l.Name == name).Select(l => l.Value).Distinct().Order(StringComparer.Ordinal)], Missing);

    public ValueTask<Partial<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>>> MetadataAsync(string? metric, CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>>(
            metric is null ? Families : Families.Where(f => f.Key == metric).ToDictionary(f => f.Key, f => f.Value), Missing));

    public ValueTask<Partial<IReadOnlyList<ExemplarSeries>>> ExemplarsAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyList<ExemplarSeries>>(ExemplarRows, Missing));

    public ValueTask<Partial<HeadStatus>> HeadAsync(int top, CancellationToken cancellation)
    {
        HeadRows = top;
        return ValueTask.FromResult(new Partial<HeadStatus>(
            new HeadStatus(3, 5, 7, 1000, 2000, [new("up", 2)], [new("job", 1)], [new("job", 64)], [new("job=a", 2)]), Missing));
    }

    public List<StoredBlock> StoredBlocks { get; } = [];

    public ValueTask<Partial<IReadOnlyList<StoredBlock>>> BlocksAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new Partial<IReadOnlyList<StoredBlock>>(StoredBlocks, Missing));

    public (long Time, double Value)? Newest(LabelSet series) => _newest.TryGetValue(series, out var newest) ? newest : null;

    public ValueTask<Partial<INewestSamples>> NewestAsync(IEnumerable<LabelSet> series, CancellationToken cancellation)
    {
        AskedForNewest.AddRange(series);
        return ValueTask.FromResult(new Partial<INewestSamples>(this, Missing));
    }

    /// <summary>Series whose newest samples were asked for.</summary>
    public List<LabelSet> AskedForNewest { get; } = [];

    public Task<(IngestStatus Status, string? Error)> WriteAsync(
        IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata, CancellationToken cancellation)
    {
        if (Unavailable is { } reason)
            return Task.FromResult<(IngestStatus, string?)>((IsRejected ? IngestStatus.Rejected : IngestStatus.Unavailable, reason));
        foreach (var sample in samples)
        {
            if (sample.Histogram is { } histogram)
                Source.Add(sample.Series, sample.Timestamp.Value, histogram);
            else
                Source.Add(sample.Series, sample.Timestamp.Value, sample.Value);
            Note(sample.Series, sample.Timestamp.Value, sample.Histogram is null ? sample.Value : double.NaN);
        }
        WrittenSamples += samples.Count;
        WrittenExemplars.AddRange(exemplars);
        foreach (var family in metadata)
            Families[family.Family] = [family.Metadata];
        return Task.FromResult<(IngestStatus, string?)>((IngestStatus.Stored, null));
    }

    private void Note(LabelSet labels, long time, double value)
    {
        if (!_newest.TryGetValue(labels, out var newest) || newest.Time <= time)
            _newest[labels] = (time, value);
    }
}
