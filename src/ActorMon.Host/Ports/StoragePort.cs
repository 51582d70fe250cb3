using ActorMon.Actors.Facts;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using ActorMon.Scraping.Reports;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the cluster's series.</summary>
public sealed class StoragePort(ClusterSeries series, ClusterHead head, PartitionTable table, ClusterFacts facts) : IStoragePort
{
    private readonly PartitionTopic<NoQuestion, PartsOfPartitions> _parts =
        facts.AddByPartition<NoQuestion, PartsOfPartitions>("parts", (partitions, _, _) => ValueTask.FromResult(PartFacts.Of(table, partitions)));

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

    public async ValueTask<Partial<IReadOnlyList<StoredBlock>>> BlocksAsync(CancellationToken cancellation)
    {
        var (parts, missing) = await _parts.AskAsync(new NoQuestion(), cancellation);
        return new(PartFacts.Merge(parts), missing);
    }

    public async ValueTask<Partial<HeadStatus>> HeadAsync(int top, CancellationToken cancellation)
    {
        var (found, missing) = await head.AllAsync(top, cancellation);
        return new(
            new HeadStatus(
                found.Series, found.LabelPairs, found.Chunks, found.MinTime, found.MaxTime,
                [.. found.Metrics.Select(m => new NamedCount(m.Value, m.Series))],
                [.. found.Labels.Take(top).Select(l => new NamedCount(l.Name, l.Values))],
                [.. found.Labels.OrderByDescending(l => l.Bytes).ThenBy(l => l.Name, StringComparer.Ordinal).Take(top).Select(l => new NamedCount(l.Name, l.Bytes))],
                [.. found.Pairs.Select(p => new NamedCount($"{p.Name}={p.Value}", p.Series))]),
            missing);
    }
}
