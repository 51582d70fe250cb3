using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Text;

/// <summary>Which names a scraped series may have, by validation scheme (prometheus/common model).</summary>
internal static class LegacyNames
{
    /// <summary>[a-zA-Z_][a-zA-Z0-9_]*</summary>
    public static bool IsLabelName(string name) => IsName(name, colon: false);

    /// <summary>[a-zA-Z_:][a-zA-Z0-9_:]*</summary>
    public static bool IsMetricName(string name) => IsName(name, colon: true);

    /// <summary>Metric name, label names and values of a whole series.</summary>
    public static bool AllValid(LabelSet labels, NameValidation scheme)
    {
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (!ByteText.IsValid(label.Value))
                return false;
            if (label.Name == LabelNames.MetricName)
            {
                if (label.Value.Length == 0 || (scheme == NameValidation.Legacy && !IsMetricName(label.Value)))
                    return false;
            }
            else if (scheme == NameValidation.Legacy ? !IsLabelName(label.Name) : label.Name.Length == 0 || !ByteText.IsValid(label.Name))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsName(string name, bool colon)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(colon && c == ':'))
                return false;
        return true;
    }
}
