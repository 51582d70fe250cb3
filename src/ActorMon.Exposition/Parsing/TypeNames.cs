using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Parsing;

/// <summary>Metric types as the text formats write them, read.</summary>
internal static class TypeNames
{
    /// <summary>The type of a <c># TYPE</c> line of the Prometheus text format.</summary>
    public static bool TryReadText(ReadOnlySpan<byte> name, out MetricType type)
    {
        type = MetricType.Unknown;
        if (name.SequenceEqual("counter"u8))
            type = MetricType.Counter;
        else if (name.SequenceEqual("gauge"u8))
            type = MetricType.Gauge;
        else if (name.SequenceEqual("histogram"u8))
            type = MetricType.Histogram;
        else if (name.SequenceEqual("summary"u8))
            type = MetricType.Summary;
        else
            return name.SequenceEqual("untyped"u8);
        return true;
    }

    /// <summary>The type of a <c># TYPE</c> line of OpenMetrics.</summary>
    public static bool TryReadOpenMetrics(ReadOnlySpan<byte> name, out MetricType type)
    {
        if (name.SequenceEqual("gaugehistogram"u8))
            type = MetricType.GaugeHistogram;
        else if (name.SequenceEqual("info"u8))
            type = MetricType.Info;
        else if (name.SequenceEqual("stateset"u8))
            type = MetricType.StateSet;
        else if (name.SequenceEqual("unknown"u8))
            type = MetricType.Unknown;
        else if (name.SequenceEqual("untyped"u8) || !TryReadText(name, out type))
            return Fail(out type);
        return true;
    }

    private static bool Fail(out MetricType type)
    {
        type = MetricType.Unknown;
        return false;
    }
}
