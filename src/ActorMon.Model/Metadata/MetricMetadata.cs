namespace ActorMon.Model.Metadata;

/// <summary>The type of a metric family, as text formats name it.</summary>
public enum MetricType : byte
{
    Unknown = 0,
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Info,
    StateSet,
}

/// <summary>What a target says of one metric family. Empty help or unit: not given.</summary>
public sealed record MetricMetadata(MetricType Type, string Help, string Unit);
