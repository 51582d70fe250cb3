using System.Diagnostics.CodeAnalysis;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Labels;

namespace ActorMon.Exposition.Writing;

/// <summary>What OpenMetrics 2.0 refuses to write, in the words of Prometheus' expfmt.</summary>
internal static class OpenMetrics2Checks
{
    public static void OneLine(string what, string text)
    {
        if (text.AsSpan().ContainsAny('\n', '\r'))
            Throw($"{what} \"{text.ReplaceLineEndings("\\n")}\" contains raw newlines");
    }

    public static void KnownType(MetricFamily family)
    {
        if (!Enum.IsDefined(family.Type))
            Throw($"unknown metric type {(int)family.Type} of {family.Name}");
    }

    public static void NotNull(MetricFamily family, Metric? metric)
    {
        if (metric is null)
            Throw($"expected non-nil metric in MetricFamily {family.Name}");
    }

    /// <summary>The value as the kind the family's type asks for; a metric may come without any.</summary>
    public static T Expect<T>(MetricFamily family, Metric metric, string kind) where T : MetricValue =>
        metric.Value as T ?? throw new FamilyWriteException($"expected {kind} in metric {family.Name}, found {metric.Value?.GetType().Name ?? "nothing"}");

    public static void Counter(MetricFamily family, double value)
    {
        if (double.IsNaN(value))
            Throw($"counter value cannot be NaN in metric {family.Name}");
        if (value < 0)
            Throw($"counter value cannot be negative ({FloatWriter.ToText(value)}) in metric {family.Name}");
    }

    /// <summary>A label that was never set (both parts null) is the peer's nil pair.</summary>
    public static void Labels(IReadOnlyList<Label> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i] == default)
                Throw("expected non-nil label pair");
            if (labels[i].Name.Length == 0)
                Throw($"label name cannot be empty, its value is \"{labels[i].Value}\"");
            OneLine("label name", labels[i].Name);
        }
    }

    public static void Time(PreciseTimestamp time, string what, MetricFamily family)
    {
        if (time.Problem is { } problem)
            Throw($"invalid {what} in metric {family.Name}: {problem}");
    }

    [DoesNotReturn]
    public static void NotImplemented(MetricFamily family, string kind) => Throw($"{kind} not implemented yet: {family.Name}");

    [DoesNotReturn]
    private static void Throw(string message) => throw new FamilyWriteException(message);
}
