using ActorMon.Model.Labels;

namespace ActorMon.Tsdb.Reading;

public readonly record struct NamedCount(string Name, long Value);

/// <summary>
/// What one partition tells /api/v1/status/tsdb. The lists hold every entry, unsorted: the node adds its partitions up, then takes the top ones.
/// </summary>
public sealed record HeadStats(
    long SeriesCount,
    long LabelPairCount,
    long ChunkCount,
    long MinTime,
    long MaxTime,
    IReadOnlyList<NamedCount> SeriesByMetricName,
    IReadOnlyList<NamedCount> ValuesByLabelName,
    IReadOnlyList<NamedCount> MemoryByLabelName,
    IReadOnlyList<NamedCount> SeriesByLabelPair)
{
    public static HeadStats Of(PartitionView view)
    {
        var head = view.Head;
        var table = head.Table;
        var metrics = new List<NamedCount>();
        var values = new List<NamedCount>();
        var memory = new List<NamedCount>();
        var pairs = new List<NamedCount>();
        var lists = new List<(int Value, long List)>();
        foreach (var (nameSymbol, postings) in table.Postings)
        {
            lists.Clear();
            postings.Values(lists);
            var name = table.Symbols.Text(nameSymbol);
            long bytes = 0, distinct = 0;
            foreach (var (value, list) in lists)
            {
                var count = postings.Count(list, head.SeriesCount);
                if (count == 0)
                    continue;
                var text = table.Symbols.Text(value);
                distinct++;
                // The peer's measure: the value's bytes once for each series.
                bytes += (long)count * table.Symbols.Bytes(value).Length;
                pairs.Add(new NamedCount($"{name}={text}", count));
                if (name == LabelNames.MetricName)
                    metrics.Add(new NamedCount(text, count));
            }
            if (distinct == 0)
                continue;
            values.Add(new NamedCount(name, distinct));
            memory.Add(new NamedCount(name, bytes));
        }
        return new HeadStats(head.SeriesCount, pairs.Count, head.Chunks, head.MinTime, head.MaxTime, metrics, values, memory, pairs);
    }
}
