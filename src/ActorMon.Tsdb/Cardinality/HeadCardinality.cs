using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>Series that have this label with this value.</summary>
public readonly record struct PairCount(string Name, string Value, long Series);

/// <param name="Values">Distinct values.</param>
/// <param name="Series">Series that have the label.</param>
/// <param name="Bytes">The length of its value, summed over all series (Prometheus' measure of memory).</param>
public readonly record struct LabelCount(string Name, long Values, long Series, long Bytes);

/// <summary>
/// What the heads of a node hold, by metric, label and pair (Prometheus' MemPostings.Stats, over all partitions). Read from the index: lists are counted by their runs,
/// nothing is made for a series, texts only for what is returned.
/// </summary>
public sealed class HeadCardinality
{
    private HeadCardinality()
    {
    }

    public long Series { get; private init; }

    /// <summary>Distinct pairs.</summary>
    public long LabelPairs { get; private set; }

    public long Chunks { get; private init; }

    /// <summary>Unix ms of the oldest and newest sample; long.MaxValue and long.MinValue when there is none.</summary>
    public long MinTime { get; private init; } = long.MaxValue;
    public long MaxTime { get; private init; } = long.MinValue;

    /// <summary>Metric names with most series; Name is <c>__name__</c>.</summary>
    public IReadOnlyList<PairCount> Metrics { get; private set; } = [];

    public IReadOnlyList<PairCount> Pairs { get; private set; } = [];

    /// <summary>Every label, most values first.</summary>
    public IReadOnlyList<LabelCount> Labels { get; private set; } = [];

    /// <summary>Everything in the heads.</summary>
    /// <param name="top">Length of <see cref="Metrics"/> and <see cref="Pairs"/>.</param>
    public static HeadCardinality Of(IReadOnlyList<PartitionView> views, int top)
    {
        var ranking = new Ranking(top);
        return ranking.Finish(Report(HeadLabels.Each(views, ranking.Add)));
    }

    /// <summary>Of the series that match any of the sets (none: all) and have a sample in the range, in the heads. Costs a look at each of these series.</summary>
    public static HeadCardinality Of(IReadOnlyList<PartitionView> views, IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation)
    {
        var ranking = new Ranking(top);
        return ranking.Finish(Report(HeadLabels.Each(views, sets, min, max, cancellation, ranking.Add)));
    }

    private static HeadCardinality Report(HeadTotals totals) =>
        new() { Series = totals.Series, Chunks = totals.Chunks, MinTime = totals.MinTime, MaxTime = totals.MaxTime };

    private sealed class Ranking(int top)
    {
        private readonly TopPairs _metrics = new(top);
        private readonly TopPairs _pairs = new(top);
        private readonly List<LabelCount> _labels = [];

        public void Add(string name, ValueCounts counts)
        {
            long series = 0, bytes = 0;
            var isMetric = name == LabelNames.MetricName;
            foreach (var value in counts.All)
            {
                series += value.Series;
                bytes += value.Series * value.Symbols.Bytes(value.Value).Length;
                _pairs.Add(name, value.Symbols, value.Value, value.Series);
                if (isMetric)
                    _metrics.Add(name, value.Symbols, value.Value, value.Series);
            }
            if (series > 0)
                _labels.Add(new LabelCount(name, counts.Count, series, bytes));
        }

        public HeadCardinality Finish(HeadCardinality report)
        {
            _labels.Sort(static (a, b) => b.Values.CompareTo(a.Values) is not 0 and var order ? order : string.CompareOrdinal(a.Name, b.Name));
            report.LabelPairs = _labels.Sum(label => label.Values);
            report.Labels = _labels;
            report.Metrics = _metrics.Take();
            report.Pairs = _pairs.Take();
            return report;
        }
    }
}
