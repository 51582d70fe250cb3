using System.Runtime.InteropServices;
using ActorMon.Actors.Series;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using ActorMon.Tsdb.Cardinality;
using Google.Protobuf;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Active series by label and value: the part of some partitions, and all parts as one.</summary>
public static class HeadFacts
{
    /// <exception cref="FormatException">A selector that is none.</exception>
    public static HeadOfPartitions Of(NodeSeries series, HeadQuestion asked, CancellationToken cancellation)
    {
        var told = new HeadOfPartitions();
        string? current = null;
        var values = new ValuesOfLabel();
        void Visit(string name, ReadOnlySpan<byte> value, long count)
        {
            if (!ReferenceEquals(current, name))
                told.Labels.Add(values = new ValuesOfLabel { Name = FactTexts.Bytes(current = name) });
            values.Values.Add(ByteString.CopyFrom(value));
            values.Series.Add(count);
        }
        var totals = asked.Narrowed
            ? series.VisitHead(asked.Selectors.FromWire(), new TimestampMs(asked.Min), new TimestampMs(asked.Max), cancellation, Visit)
            : series.VisitHead(Visit);
        (told.Series, told.Chunks, told.MinTime, told.MaxTime) = (totals.Series, totals.Chunks, totals.MinTime, totals.MaxTime);
        return told;
    }

    /// <param name="top">Length of the rankings of metrics and pairs.</param>
    public static MergedHead Merge(IReadOnlyList<HeadOfPartitions> parts, int top)
    {
        var metrics = new TopValues(top);
        var pairs = new TopValues(top);
        var labels = new List<LabelCount>();
        var counts = new Dictionary<ByteString, long>();
        foreach (var label in parts.SelectMany(part => part.Labels).GroupBy(label => label.Name))
        {
            counts.Clear();
            foreach (var values in label)
                for (var i = 0; i < Math.Min(values.Values.Count, values.Series.Count); i++)
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, values.Values[i], out _) += values.Series[i];
            var name = label.Key.Text();
            long series = 0, bytes = 0;
            foreach (var (value, count) in counts)
            {
                series += count;
                bytes += count * value.Length;
                pairs.Add(name, value, count);
                if (name == LabelNames.MetricName)
                    metrics.Add(name, value, count);
            }
            if (series > 0)
                labels.Add(new LabelCount(name, counts.Count, series, bytes));
        }
        labels.Sort(static (a, b) => b.Values.CompareTo(a.Values) is not 0 and var order ? order : string.CompareOrdinal(a.Name, b.Name));
        return new MergedHead(
            parts.Sum(part => part.Series), labels.Sum(label => label.Values), parts.Sum(part => part.Chunks),
            parts.Select(part => part.MinTime).DefaultIfEmpty(long.MaxValue).Min(), parts.Select(part => part.MaxTime).DefaultIfEmpty(long.MinValue).Max(),
            metrics.Take(), labels, pairs.Take());
    }

    /// <summary>The pairs with most series: greater counts first, then by name and value in byte order.</summary>
    private sealed class TopValues(int top)
    {
        private readonly SortedSet<(string Name, ByteString Value, long Series)> _best = new(Better.Instance);

        public void Add(string name, ByteString value, long series)
        {
            if (_best.Count == top && series < _best.Max.Series)
                return;
            _best.Add((name, value, series));
            if (_best.Count > top)
                _best.Remove(_best.Max);
        }

        public IReadOnlyList<PairCount> Take() => [.. _best.Select(pair => new PairCount(pair.Name, pair.Value.Text(), pair.Series))];

        private sealed class Better : IComparer<(string Name, ByteString Value, long Series)>
        {
            public static readonly Better Instance = new();

            public int Compare((string Name, ByteString Value, long Series) x, (string Name, ByteString Value, long Series) y)
            {
                if (x.Series != y.Series)
                    return y.Series.CompareTo(x.Series);
                var order = string.CompareOrdinal(x.Name, y.Name);
                return order != 0 ? order : x.Value.Span.SequenceCompareTo(y.Value.Span);
            }
        }
    }
}

/// <summary>What the heads of a cluster hold, each series once.</summary>
/// <param name="MinTime">Unix ms; long.MaxValue and long.MinValue when there is no sample.</param>
/// <param name="Metrics">Metric names with most series.</param>
/// <param name="Labels">Every label, most values first.</param>
public sealed record MergedHead(
    long Series, long LabelPairs, long Chunks, long MinTime, long MaxTime, IReadOnlyList<PairCount> Metrics, IReadOnlyList<LabelCount> Labels, IReadOnlyList<PairCount> Pairs);
