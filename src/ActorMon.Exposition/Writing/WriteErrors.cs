using System.Diagnostics.CodeAnalysis;
using ActorMon.Exposition.Families;

namespace ActorMon.Exposition.Writing;

/// <summary>A family that a format cannot express, or whose metrics are not of its type.</summary>
public sealed class FamilyWriteException(string message) : Exception(message);

internal static class WriteErrors
{
    public static void CheckName(MetricFamily family)
    {
        if (family.Name.Length == 0)
            throw new FamilyWriteException($"MetricFamily has no name: help {family.Help}, {family.Metrics.Count} metrics");
    }

    [DoesNotReturn]
    public static void NoMetrics(MetricFamily family) => throw new FamilyWriteException($"MetricFamily has no metrics: {family.Name}");

    /// <summary>The value as the kind the family's type asks for.</summary>
    public static T Expect<T>(MetricFamily family, Metric metric, string kind) where T : MetricValue =>
        metric.Value as T ?? throw new FamilyWriteException($"expected {kind} in metric {family.Name}, found {metric.Value.GetType().Name}");

    [DoesNotReturn]
    public static void FloatHistogram(MetricFamily family) =>
        throw new FamilyWriteException($"OpenMetrics v1.0 does not support float histogram {family.Name} histogram");
}
