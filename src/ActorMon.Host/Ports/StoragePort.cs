using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Reports;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the node's series.</summary>
public sealed class StoragePort(NodeSeries series, PartitionTable table) : IStoragePort
{
    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation) => series.SelectAsync(request, cancellation);

    public ValueTask<IReadOnlyList<string>> LabelNamesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.LabelNamesAsync(matcherSets, min, max, cancellation);

    public ValueTask<IReadOnlyList<string>> LabelValuesAsync(
        string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.LabelValuesAsync(name, matcherSets, min, max, cancellation);

    public ValueTask<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        series.SeriesAsync(matcherSets, min, max, cancellation);

    /// <summary>Without what scrapers say of their own series: the original knows only what targets expose.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Metadata(string? metric)
    {
        var families = new Dictionary<string, IReadOnlyList<MetricMetadata>>(StringComparer.Ordinal);
        foreach (var (family, entries) in series.Metadata(metric))
        {
            var exposed = entries.Where(e => !ReportSeries.IsOwn(family, e)).ToList();
            if (exposed.Count > 0)
                families.Add(family, exposed);
        }
        return families;
    }

    public IReadOnlyList<ExemplarSeries> Exemplars(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max) =>
        series.Exemplars(matcherSets, min, max);

    public (long Time, double Value)? Newest(LabelSet labels) => series.Newest(labels);

    public IReadOnlyList<StoredBlock> Blocks() =>
    [
        .. table.Stores()
            .SelectMany(s => s.StoredParts(), (s, p) => new StoredBlock($"p-{s.Partition.Value:D2}/{p.Sequence}", p.MinTime, p.MaxTime, p.Samples, p.Series, p.Level))
            .OrderBy(b => b.MinTime).ThenBy(b => b.Name, StringComparer.Ordinal),
    ];

    public HeadStatus Head(int top)
    {
        var head = series.Cardinality(top);
        return new HeadStatus(
            head.Series, head.LabelPairs, head.Chunks, head.MinTime, head.MaxTime,
            [.. head.Metrics.Select(m => new NamedCount(m.Value, m.Series))],
            [.. head.Labels.Take(top).Select(l => new NamedCount(l.Name, l.Values))],
            [.. head.Labels.OrderByDescending(l => l.Bytes).ThenBy(l => l.Name, StringComparer.Ordinal).Take(top).Select(l => new NamedCount(l.Name, l.Bytes))],
            [.. head.Pairs.Select(p => new NamedCount($"{p.Name}={p.Value}", p.Series))]);
    }
}
