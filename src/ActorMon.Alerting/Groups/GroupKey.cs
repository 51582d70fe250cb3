using System.Text;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Groups;

/// <summary>The identity of a group of alerts: its route and the labels it is grouped by.</summary>
public sealed record GroupKey(string RouteId, LabelSet Labels)
{
    /// <summary>The text that names the group in the notification log, in notifications and to receivers: <c>{}/{a="b"}:{alertname="X"}</c>.</summary>
    public static string TextOf(Route route, LabelSet labels)
    {
        var text = new StringBuilder(route.Key).Append(":{");
        foreach (var label in labels.AsSpan())
        {
            if (text[^1] != '{')
                text.Append(", ");
            text.Append(label.Name).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }
}
