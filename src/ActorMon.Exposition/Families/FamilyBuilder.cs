using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Families;

/// <summary>A family while its lines are read.</summary>
internal sealed class FamilyBuilder(string name)
{
    private readonly List<MetricBuilder> _metrics = [];
    private readonly Dictionary<LabelSet, MetricBuilder> _byLabels = [];

    public string Name => name;
    public string? Help { get; set; }

    /// <summary>Null until a TYPE line or the first sample decides it.</summary>
    public MetricType? Type { get; set; }
    public bool HasMetrics => _metrics.Count > 0;
    public bool IsSummary => Type == MetricType.Summary;
    public bool IsHistogram => Type is MetricType.Histogram or MetricType.GaugeHistogram;

    /// <summary>The metric a sample belongs to: a new one, but for summaries and histograms the one with the same labels in any order.</summary>
    public MetricBuilder MetricOf(List<Label> labels)
    {
        if (!IsSummary && !IsHistogram)
            return Add(labels);
        var key = LabelSet.From(labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));
        if (!_byLabels.TryGetValue(key, out var metric))
            _byLabels[key] = metric = Add(labels);
        return metric;
    }

    public MetricFamily Build() => new(name, Type ?? MetricType.Unknown, [.. _metrics.Select(m => m.Build(Type))]) { Help = Help };

    private MetricBuilder Add(List<Label> labels)
    {
        var metric = new MetricBuilder([.. labels]);
        _metrics.Add(metric);
        return metric;
    }
}

/// <summary>A metric while its lines are read.</summary>
internal sealed class MetricBuilder(Label[] labels)
{
    private readonly List<QuantileValue> _quantiles = [];
    private readonly List<ClassicBucket> _buckets = [];
    private bool _isFloat;

    public double Value { get; set; }
    public double Sum { get; set; }
    public double Count { get; private set; }
    public long? TimestampMs { get; set; }

    public void AddQuantile(double quantile, double value) => _quantiles.Add(new QuantileValue(quantile, value));

    public void SetCount(double count)
    {
        Count = count;
        _isFloat |= count != Math.Floor(count);
    }

    public void AddBucket(double upperBound, double count)
    {
        _buckets.Add(new ClassicBucket(upperBound, count));
        _isFloat |= count != Math.Floor(count);
    }

    public Metric Build(MetricType? type) => new(labels, type switch
    {
        MetricType.Counter => new CounterValue(Value),
        MetricType.Gauge => new GaugeValue(Value),
        MetricType.Summary => new SummaryValue(Count, Sum, _quantiles),
        MetricType.Histogram or MetricType.GaugeHistogram => new HistogramValue(Count, Sum, _buckets) { IsFloat = _isFloat },
        _ => new UntypedValue(Value),
    }, TimestampMs);
}
