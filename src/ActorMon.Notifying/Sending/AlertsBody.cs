using System.Globalization;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Notifying.Alerts;

namespace ActorMon.Notifying.Sending;

/// <summary>The body of a post to /api/v2/alerts, byte for byte as Prometheus writes it: order of keys, times in milliseconds, Go's escapes.</summary>
public static class AlertsBody
{
    public static byte[] Of(IReadOnlyList<OutgoingAlert> alerts)
    {
        var body = new StringBuilder(256 * alerts.Count).Append('[');
        foreach (var alert in alerts)
        {
            body.Append(body.Length == 1 ? "{" : ",{");
            if (alert.Annotations.Count > 0)
            {
                body.Append("\"annotations\":");
                AppendMap(body, alert.Annotations);
                body.Append(',');
            }
            AppendTime(body.Append("\"endsAt\":"), alert.EndsAt);
            AppendTime(body.Append(",\"startsAt\":"), alert.StartsAt);
            if (alert.GeneratorUrl.Length > 0)
                GoJsonText.AppendQuoted(body.Append(",\"generatorURL\":"), alert.GeneratorUrl);
            AppendMap(body.Append(",\"labels\":"), alert.Labels);
            body.Append('}');
        }
        return Encoding.UTF8.GetBytes(body.Append(']').ToString());
    }

    private static void AppendMap(StringBuilder body, LabelSet labels)
    {
        body.Append('{');
        var first = true;
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (!first)
                body.Append(',');
            first = false;
            GoJsonText.AppendQuoted(body, label.Name);
            GoJsonText.AppendQuoted(body.Append(':'), label.Value);
        }
        body.Append('}');
    }

    private static void AppendTime(StringBuilder body, TimestampMs time) =>
        body.Append(CultureInfo.InvariantCulture, $"\"{time.ToDateTimeOffset():yyyy-MM-ddTHH:mm:ss.fff}Z\"");
}
