using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Text;
using ActorMon.Notifying.Options;
using ActorMon.Rules.Alerts;

namespace ActorMon.Notifying.Alerts;

/// <summary>From what rules report to what Alertmanagers are told: links, external labels, relabelling (Prometheus' notifier and rules.SendAlerts).</summary>
public static class OutgoingAlerts
{
    /// <param name="externalUrl">Under which this server is reached, without a slash at its end.</param>
    /// <returns>Alerts that no rule dropped, in their order.</returns>
    public static IReadOnlyList<OutgoingAlert> Prepare(IReadOnlyList<AlertNotice> notices, string externalUrl, AlertLabelOptions options)
    {
        var prepared = new List<OutgoingAlert>(notices.Count);
        var builder = new LabelSetBuilder();
        // A rule's alerts come together and have one link.
        var (expression, link) = ("", "");
        foreach (var notice in notices)
        {
            builder.Reset(notice.Labels);
            foreach (ref readonly var label in options.ExternalLabels.AsSpan())
                if (!builder.Has(label.Name))
                    builder.Set(label.Name, label.Value);
            if (!Relabeller.Apply(builder, options.RelabelRules, options.Names))
                continue;
            if (link.Length == 0 || expression != notice.Expression)
                (expression, link) = (notice.Expression, LinkOf(externalUrl, notice.Expression));
            prepared.Add(new OutgoingAlert(builder.Build(), notice.Annotations, notice.StartsAt, notice.EndsAt, link));
        }
        return prepared;
    }

    /// <summary>The alerts as one group of Alertmanagers is told them.</summary>
    public static IReadOnlyList<OutgoingAlert> Relabel(IReadOnlyList<OutgoingAlert> alerts, IReadOnlyList<RelabelRule> rules, NameValidation names)
    {
        if (rules.Count == 0)
            return alerts;
        var kept = new List<OutgoingAlert>(alerts.Count);
        foreach (var alert in alerts)
            if (Relabeller.Apply(alert.Labels, rules, names) is { } labels)
                kept.Add(alert with { Labels = labels });
        return kept;
    }

    private static string LinkOf(string externalUrl, string expression) =>
        GoUrl.AppendQueryEscaped(new StringBuilder(externalUrl).Append("/graph?g0.expr="), expression).Append("&g0.tab=1").ToString();
}
