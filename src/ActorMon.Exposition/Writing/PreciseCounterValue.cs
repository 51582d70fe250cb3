using ActorMon.Exposition.Families;

namespace ActorMon.Exposition.Writing;

/// <summary>
/// A counter whose times are known to the nanosecond, as a protobuf family carries them. Only <see cref="OpenMetrics2Writer"/> takes it: the other formats write
/// milliseconds and take <see cref="CounterValue"/>.
/// </summary>
public sealed record PreciseCounterValue(double Value, ExemplarValue? Exemplar = null, PreciseTimestamp? Start = null) : MetricValue
{
    /// <summary>The exemplar's time; it goes before the exemplar's own milliseconds.</summary>
    public PreciseTimestamp? ExemplarTime { get; init; }

    internal static PreciseCounterValue From(CounterValue counter) => new(
        counter.Value, counter.Exemplar, counter.StartTimestampMs is { } start ? PreciseTimestamp.FromMilliseconds(start) : null);
}
