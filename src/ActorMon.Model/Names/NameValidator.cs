using System.Buffers;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Model.Names;

/// <summary>Validity of metric and label names under a scheme (Prometheus' model.ValidationScheme).</summary>
public static class NameValidator
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    private static readonly SearchValues<char> LabelChars = SearchValues.Create(Letters + "0123456789");
    private static readonly SearchValues<char> MetricChars = SearchValues.Create(Letters + ":0123456789");

    public static bool IsValidMetricName(ReadOnlySpan<char> name, NameValidation scheme) => scheme == NameValidation.Legacy
        ? IsLegacy(name, MetricChars)
        : name.Length > 0 && ByteText.IsValid(name);

    public static bool IsValidLabelName(ReadOnlySpan<char> name, NameValidation scheme) => scheme == NameValidation.Legacy
        ? IsLegacy(name, LabelChars)
        : name.Length > 0 && ByteText.IsValid(name);

    /// <summary>True for a label value: any valid UTF-8, "" too.</summary>
    public static bool IsValidLabelValue(ReadOnlySpan<char> value) => ByteText.IsValid(value);

    /// <summary>True when the metric name (if there is one), every label name and every value is valid.</summary>
    public static bool IsValid(LabelSet labels, NameValidation scheme)
    {
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (label.Name == LabelNames.MetricName && !IsValidMetricName(label.Value, scheme))
                return false;
            if (!IsValidLabelName(label.Name, scheme) || !IsValidLabelValue(label.Value))
                return false;
        }
        return true;
    }

    private static bool IsLegacy(ReadOnlySpan<char> name, SearchValues<char> allowed) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(allowed);
}
