using System.Text;
using ActorMon.Model.Labels;

namespace ActorMon.Model.Text;

/// <summary>A label set as the peers' messages show it: <c>name{a="b", c="d"}</c>, values quoted as in Go, <c>{}</c> when empty (model.Metric.String).</summary>
public static class MetricText
{
    public static string Of(LabelSet labels)
    {
        var text = new StringBuilder(labels.MetricName);
        var first = true;
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (label.Name == LabelNames.MetricName)
                continue;
            text.Append(first ? "{" : ", ").Append(label.Name).Append("=\"");
            GoQuote.AppendQuoted(text, label.Value);
            text.Append('"');
            first = false;
        }
        if (!first)
            text.Append('}');
        return text.Length == 0 ? "{}" : text.ToString();
    }
}
