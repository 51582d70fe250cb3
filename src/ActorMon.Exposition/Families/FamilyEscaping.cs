using ActorMon.Model.Labels;
using ActorMon.Model.Names;

namespace ActorMon.Exposition.Families;

/// <summary>Brings the names of a family down to what a reader understands.</summary>
public static class FamilyEscaping
{
    /// <summary>The family with its name and label names escaped; the same instance when nothing changes.</summary>
    public static MetricFamily Escape(MetricFamily family, EscapingScheme scheme)
    {
        if (scheme == EscapingScheme.None)
            return family;
        var metrics = new List<Metric>(family.Metrics.Count);
        var changed = false;
        foreach (var metric in family.Metrics)
        {
            var labels = EscapeLabels(metric.Labels, scheme);
            changed |= !ReferenceEquals(labels, metric.Labels);
            metrics.Add(ReferenceEquals(labels, metric.Labels) ? metric : metric with { Labels = labels });
        }
        var name = NameEscaping.Escape(family.Name, scheme);
        return changed || name != family.Name ? family with { Name = name, Metrics = metrics } : family;
    }

    private static IReadOnlyList<Label> EscapeLabels(IReadOnlyList<Label> labels, EscapingScheme scheme)
    {
        List<Label>? escaped = null;
        for (var i = 0; i < labels.Count; i++)
        {
            var name = NameEscaping.Escape(labels[i].Name, scheme);
            if (name == labels[i].Name)
                continue;
            escaped ??= [.. labels];
            escaped[i] = new Label(name, labels[i].Value);
        }
        return escaped ?? labels;
    }
}
