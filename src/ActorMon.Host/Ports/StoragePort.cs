using ActorMon.Actors.Reading;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Reports;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the series.</summary>
/// <param name="series">Of the cluster.</param>
/// <param name="local">Of this node.</param>
public sealed class StoragePort(ClusterSeries series, NodeSeries local, PartitionTable table) : IStoragePort
{
    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation) => series.SelectAsync(request, cancellation);

    public ValueTask<Partial<IReadOnlyList<string>>> LabelNamesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.LabelNamesAsync(matcherSets, min, max, cancellation);

    public ValueTask<Partial<IReadOnlyList<string>>> LabelValuesAsync(
        string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.LabelValuesAsync(name, matcherSets, min, max, cancellation);

    public ValueTask<Partial<IReadOnlyList<LabelSet>>> SeriesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.SeriesAsync(matcherSets, min, max, cancellation);

    /// <summary>Without what scrapers say of their own series: the original knows only what targets expose.</summary>
    public async ValueTask<Partial<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>>> MetadataAsync(string? metric, CancellationToken cancellation)
    {
        var families = new Dictionary<string, IReadOnlyList<MetricMetadata>>(StringComparer.Ordinal);
        var (known, missing) = await series.MetadataAsync(metric, cancellation);
        foreach (var (family, entries) in known)
        {
            var exposed = entries.Where(e => !ReportSeries.IsOwn(family, e)).ToList();
            if (exposed.Count > 0)
                families.Add(family, exposed);
        }
        return new(families, missing);
    }

    public ValueTask<Partial<IReadOnlyList<ExemplarSeries>>> ExemplarsAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.ExemplarsAsync(matcherSets, min, max, cancellation);

    public ValueTask<Partial<INewestSamples>> NewestAsync(IEnumerable<LabelSet> asked, CancellationToken cancellation) => series.NewestAsync(asked, cancellation);

    public IReadOnlyList<StoredBlock> Blocks() =>
    [
        .. table.Stores()
            .SelectMany(s => s.StoredParts(), (s, p) => new StoredBlock($"p-{s.Partition.Value:D2}/{p.Sequence}", p.MinTime, p.MaxTime, p.Samples, p.Series, p.Level))
            .OrderBy(b => b.MinTime).ThenBy(b => b.Name, StringComparer.Ordinal),
    ];

    public HeadStatus Head(int top)
    {
        var head = local.Cardinality(top);
        return new HeadStatus(
            head.Series, head.LabelPairs, head.Chunks, head.MinTime, head.MaxTime,
            [.. head.Metrics.Select(m => new NamedCount(m.Value, m.Series))],
            [.. head.Labels.Take(top).Select(l => new NamedCount(l.Name, l.Values))],
            [.. head.Labels.OrderByDescending(l => l.Bytes).ThenBy(l => l.Name, StringComparer.Ordinal).Take(top).Select(l => new NamedCount(l.Name, l.Bytes))],
            [.. head.Pairs.Select(p => new NamedCount($"{p.Name}={p.Value}", p.Series))]);
    }
}
