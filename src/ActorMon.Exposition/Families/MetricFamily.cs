using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Families;

/// <summary>
/// A snapshot of one metric family, as the client model has it: the common form between parsers of whole families and the writers. A counter's name is the name of
/// its samples (with <c>_total</c>). Help null: not given.
/// </summary>
public sealed record MetricFamily(string Name, MetricType Type, IReadOnlyList<Metric> Metrics)
{
    public string? Help { get; init; }

    /// <summary>Unit null: not given. Only OpenMetrics and protobuf write it.</summary>
    public string? Unit { get; init; }
}

/// <summary>One metric of a family: its labels in exposition order (without the name), its value, and its timestamp in ms when it has one.</summary>
public sealed record Metric(IReadOnlyList<Label> Labels, MetricValue Value, long? TimestampMs = null);

/// <summary>The value of a metric; its kind must be that of the family's type.</summary>
public abstract record MetricValue;

public sealed record CounterValue(double Value, ExemplarValue? Exemplar = null, long? StartTimestampMs = null) : MetricValue;

public sealed record GaugeValue(double Value) : MetricValue;

/// <summary>A value of type Unknown, Info or StateSet.</summary>
public sealed record UntypedValue(double Value) : MetricValue;

public sealed record SummaryValue(double Count, double Sum, IReadOnlyList<QuantileValue> Quantiles, long? StartTimestampMs = null) : MetricValue;

/// <summary>The value at quantile 0..1.</summary>
public readonly record struct QuantileValue(double Quantile, double Value);

/// <summary>
/// A histogram or gauge histogram: classic buckets (cumulative, ascending bounds), a native part, or both. Counts are whole numbers unless <see cref="IsFloat"/>.
/// </summary>
public sealed record HistogramValue(double Count, double Sum, IReadOnlyList<ClassicBucket> Buckets, long? StartTimestampMs = null) : MetricValue
{
    public bool IsFloat { get; init; }

    /// <summary>The native part; only protobuf writes it.</summary>
    public Model.Histograms.NativeHistogram? Native { get; init; }

    /// <summary>Exemplars of the native part.</summary>
    public IReadOnlyList<ExemplarValue> NativeExemplars { get; init; } = [];
}

/// <summary>Observations at or below the bound.</summary>
public readonly record struct ClassicBucket(double UpperBound, double CumulativeCount, ExemplarValue? Exemplar = null);

/// <summary>An exemplar with its labels in exposition order.</summary>
public sealed record ExemplarValue(IReadOnlyList<Label> Labels, double Value, long? TimestampMs = null);
