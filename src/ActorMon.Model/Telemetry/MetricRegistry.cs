using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Model.Telemetry;

/// <summary>One exposed number of a family: the suffix after the family's name ("", "_sum", "_bucket"), its labels and its value.</summary>
public readonly record struct SelfSample(string Suffix, LabelSet Labels, double Value);

/// <summary>A family of the node's own metrics as it stands at one scrape.</summary>
public sealed record SelfFamily(string Name, string Help, MetricType Type, IReadOnlyList<SelfSample> Samples);

/// <summary>
/// The node's own metrics: every room registers its instruments once, at start; <see cref="Collect"/> reads them all, sorted by name. Thread-safe after start-up.
/// </summary>
public sealed class MetricRegistry
{
    private readonly SortedDictionary<string, Func<SelfFamily>> _families = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public void Add(string name, string help, MetricType type, Func<IEnumerable<SelfSample>> read)
    {
        lock (_lock)
            _families.Add(name, () => new SelfFamily(name, help, type, [.. read()]));
    }

    public void Gauge(string name, string help, Func<double> read) => Add(name, help, MetricType.Gauge, () => [new SelfSample("", LabelSet.Empty, read())]);

    public void Counter(string name, string help, Func<double> read) => Add(name, help, MetricType.Counter, () => [new SelfSample("", LabelSet.Empty, read())]);

    public Counter Counter(string name, string help)
    {
        var counter = new Counter();
        Counter(name, help, () => counter.Value);
        return counter;
    }

    public Labelled<Counter> Counters(string name, string help, params string[] labels)
    {
        var set = new Labelled<Counter>(() => new Counter(), labels);
        Add(name, help, MetricType.Counter, () => set.All.Select(s => new SelfSample("", LabelsOf(labels, s.Values), s.Instrument.Value)));
        return set;
    }

    public Labelled<Gauge> Gauges(string name, string help, params string[] labels)
    {
        var set = new Labelled<Gauge>(() => new Gauge(), labels);
        Add(name, help, MetricType.Gauge, () => set.All.Select(s => new SelfSample("", LabelsOf(labels, s.Values), s.Instrument.Value)));
        return set;
    }

    public Labelled<BucketHistogram> Histograms(string name, string help, double[] bounds, params string[] labels)
    {
        var set = new Labelled<BucketHistogram>(() => new BucketHistogram(bounds), labels);
        Add(name, help, MetricType.Histogram, () => set.All.SelectMany(s => HistogramSamples(LabelsOf(labels, s.Values), s.Instrument)));
        return set;
    }

    public BucketHistogram Histogram(string name, string help, double[] bounds) => Histograms(name, help, bounds).With();

    public Labelled<QuantileSummary> Summaries(string name, string help, TimeProvider time, double[] quantiles, params string[] labels)
    {
        var set = new Labelled<QuantileSummary>(() => new QuantileSummary(time, quantiles), labels);
        Add(name, help, MetricType.Summary, () => set.All.SelectMany(s => SummarySamples(LabelsOf(labels, s.Values), s.Instrument)));
        return set;
    }

    public QuantileSummary Summary(string name, string help, TimeProvider time, params double[] quantiles) => Summaries(name, help, time, quantiles).With();

    public IReadOnlyList<SelfFamily> Collect()
    {
        lock (_lock)
            return [.. _families.Values.Select(read => read())];
    }

    private static IEnumerable<SelfSample> HistogramSamples(LabelSet labels, BucketHistogram histogram)
    {
        var (cumulative, sum) = histogram.Snapshot();
        for (var i = 0; i < cumulative.Length; i++)
        {
            var bound = i < histogram.Bounds.Count ? histogram.Bounds[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "+Inf";
            yield return new SelfSample("_bucket", new LabelSetBuilder(labels).Set(Labels.LabelNames.Bucket, bound).Build(), cumulative[i]);
        }
        yield return new SelfSample("_sum", labels, sum);
        yield return new SelfSample("_count", labels, cumulative[^1]);
    }

    private static IEnumerable<SelfSample> SummarySamples(LabelSet labels, QuantileSummary summary)
    {
        var (values, sum, count) = summary.Snapshot();
        for (var i = 0; i < values.Length; i++)
        {
            var quantile = summary.Quantiles[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            yield return new SelfSample("", new LabelSetBuilder(labels).Set(Labels.LabelNames.Quantile, quantile).Build(), values[i]);
        }
        yield return new SelfSample("_sum", labels, sum);
        yield return new SelfSample("_count", labels, count);
    }

    private static LabelSet LabelsOf(string[] names, string[] values)
    {
        var builder = new LabelSetBuilder();
        for (var i = 0; i < names.Length; i++)
            builder.Set(names[i], values[i]);
        return builder.Build();
    }
}
