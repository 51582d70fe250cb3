using System.Diagnostics.CodeAnalysis;
using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>Builds the labels of one series of a text format from where they lie in the document.</summary>
internal static class SeriesLabels
{
    /// <summary>
    /// Sets name and labels in the emptied builder. <c>le</c> of histograms and <c>quantile</c> of summaries become the OpenMetrics form of their number, so that one
    /// bucket is one series in every format. With <paramref name="typeAndUnit"/> known type and unit become <c>__type__</c> and <c>__unit__</c>, over exposed ones.
    /// </summary>
    /// <exception cref="ExpositionException">A label name occurs twice.</exception>
    public static void Read(byte[] source, LabelSpans spans, MetricType type, string unit, bool typeAndUnit, LabelSetBuilder into)
    {
        into.Reset();
        into.Set(LabelNames.MetricName, Escapes.Decode(source.AsSpan(spans.NameStart, spans.NameEnd - spans.NameStart)));
        var ownType = typeAndUnit && type != MetricType.Unknown;
        var ownUnit = typeAndUnit && unit.Length > 0;
        if (ownType)
            into.Set(LabelNames.Type, MetricTypeNames.NameOf(type));
        if (ownUnit)
            into.Set(LabelNames.Unit, unit);
        foreach (ref readonly var at in spans.Labels)
        {
            var name = Escapes.Decode(source.AsSpan(at.NameStart, at.NameEnd - at.NameStart));
            if ((ownType && name == LabelNames.Type) || (ownUnit && name == LabelNames.Unit) || (typeAndUnit && name == LabelNames.MetricName))
                continue;
            var value = Escapes.Decode(source.AsSpan(at.ValueStart, at.ValueEnd - at.ValueStart));
            if (into.Has(name))
                ThrowDuplicate(name);
            into.Set(name, Normalise(type, name, value));
        }
    }

    /// <summary>The value of a <c>le</c> or <c>quantile</c> label in its one form; other values unchanged.</summary>
    public static string Normalise(MetricType type, string name, string value)
    {
        var isNumber = type switch
        {
            MetricType.Summary => name == LabelNames.Quantile,
            MetricType.Histogram => name == LabelNames.Bucket,
            _ => false,
        };
        return isNumber && GoFloatParser.TryParse(value, out var number) ? FloatWriter.ToOpenMetrics(number) : value;
    }

    [DoesNotReturn]
    private static void ThrowDuplicate(string name) => throw new ExpositionException($"label name \"{name}\" is not unique: invalid sample");
}
