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
public sealed class StoragePort(NodeSeries series) : IStoragePort
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

    public HeadStatus Head(int top)
    {
        var heads = series.Heads();
        var pairs = Sum(heads.Select(h => h.SeriesByLabelPair));
        var filled = heads.Where(h => h.SeriesCount > 0).ToList();
        return new HeadStatus(
            heads.Sum(h => h.SeriesCount), pairs.Count, heads.Sum(h => h.ChunkCount),
            filled.Count == 0 ? 0 : filled.Min(h => h.MinTime), filled.Count == 0 ? 0 : filled.Max(h => h.MaxTime),
            Top(Sum(heads.Select(h => h.SeriesByMetricName)), top), Top(DistinctValues(pairs), top), Top(Sum(heads.Select(h => h.MemoryByLabelName)), top), Top(pairs, top));
    }

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyList<Tsdb.Reading.NamedCount>> lists)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var list in lists)
            foreach (var (name, value) in list)
                sums[name] = sums.GetValueOrDefault(name) + value;
        return sums;
    }

    /// <summary>Distinct values by label name; partitions share values, so they are counted on the union of the pairs.</summary>
    private static Dictionary<string, long> DistinctValues(Dictionary<string, long> pairs)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pair in pairs.Keys)
        {
            var name = pair[..pair.IndexOf('=', StringComparison.Ordinal)];
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
        return counts;
    }

    private static List<NamedCount> Top(Dictionary<string, long> counts, int top) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(top).Select(c => new NamedCount(c.Key, c.Value))];
}
