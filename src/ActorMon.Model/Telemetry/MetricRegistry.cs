using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Model.Telemetry;

/// <summary>Cumulative counts by upper bound; one more count than bounds, the last being +Inf.</summary>
public sealed record HistogramReading(IReadOnlyList<double> Bounds, long[] Cumulative, double Sum);

public sealed record SummaryReading(IReadOnlyList<double> Quantiles, double[] Values, double Sum, long Count);

/// <summary>One metric of a family as read at one scrape: a number, or a histogram, or a summary.</summary>
public readonly record struct SelfMetric(LabelSet Labels, double Value, HistogramReading? Histogram = null, SummaryReading? Summary = null);

/// <summary>A family of the node's own metrics as it stands at one scrape.</summary>
public sealed record SelfFamily(string Name, string Help, MetricType Type, IReadOnlyList<SelfMetric> Metrics);

/// <summary>
/// The node's own metrics: every room registers its instruments once, at start; <see cref="Collect"/> reads them all, sorted by name. Thread-safe.
/// </summary>
public sealed class MetricRegistry
{
    private readonly SortedDictionary<string, Func<SelfFamily>> _families = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public void Add(string name, string help, MetricType type, Func<IEnumerable<SelfMetric>> read)
    {
        lock (_lock)
            _families.Add(name, () => new SelfFamily(name, help, type, [.. read()]));
    }

    public void Gauge(string name, string help, Func<double> read) => Add(name, help, MetricType.Gauge, () => [new SelfMetric(LabelSet.Empty, read())]);

    public void Counter(string name, string help, Func<double> read) => Add(name, help, MetricType.Counter, () => [new SelfMetric(LabelSet.Empty, read())]);

    public Counter Counter(string name, string help)
    {
        var counter = new Counter();
        Counter(name, help, () => counter.Value);
        return counter;
    }

    public Labelled<Counter> Counters(string name, string help, params string[] labels)
    {
        var set = new Labelled<Counter>(() => new Counter(), labels);
        Add(name, help, MetricType.Counter, () => set.All.Select(s => new SelfMetric(LabelsOf(labels, s.Values), s.Instrument.Value)));
        return set;
    }

    public Labelled<Gauge> Gauges(string name, string help, params string[] labels)
    {
        var set = new Labelled<Gauge>(() => new Gauge(), labels);
        Add(name, help, MetricType.Gauge, () => set.All.Select(s => new SelfMetric(LabelsOf(labels, s.Values), s.Instrument.Value)));
        return set;
    }

    public Labelled<BucketHistogram> Histograms(string name, string help, double[] bounds, params string[] labels)
    {
        var set = new Labelled<BucketHistogram>(() => new BucketHistogram(bounds), labels);
        Add(name, help, MetricType.Histogram, () => set.All.Select(s => new SelfMetric(LabelsOf(labels, s.Values), 0, s.Instrument.Read())));
        return set;
    }

    public BucketHistogram Histogram(string name, string help, double[] bounds) => Histograms(name, help, bounds).With();

    public Labelled<QuantileSummary> Summaries(string name, string help, TimeProvider time, double[] quantiles, params string[] labels)
    {
        var set = new Labelled<QuantileSummary>(() => new QuantileSummary(time, quantiles), labels);
        Add(name, help, MetricType.Summary, () => set.All.Select(s => new SelfMetric(LabelsOf(labels, s.Values), 0, null, s.Instrument.Read())));
        return set;
    }

    public QuantileSummary Summary(string name, string help, TimeProvider time, params double[] quantiles) => Summaries(name, help, time, quantiles).With();

    /// <summary>All families that have a metric now.</summary>
    public IReadOnlyList<SelfFamily> Collect()
    {
        lock (_lock)
            return [.. _families.Values.Select(read => read()).Where(family => family.Metrics.Count > 0)];
    }

    private static LabelSet LabelsOf(string[] names, string[] values)
    {
        var builder = new LabelSetBuilder();
        for (var i = 0; i < names.Length; i++)
            builder.Set(names[i], values[i]);
        return builder.Build();
    }
}
