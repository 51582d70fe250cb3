using System.Text;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Labels;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;

namespace ActorMon.Receivers.Composing;

/// <summary>What templates and the webhook's JSON show of a notification.</summary>
internal static class TemplateDataOf
{
    private const string Firing = "firing";
    private const string Resolved = "resolved";

    /// <param name="notification">What is told.</param>
    /// <param name="alerts">Its alerts, or the first of them.</param>
    public static NotificationData Notification(Notification notification, IReadOnlyList<Alert> alerts) => new()
    {
        Receiver = QuoteMeta(notification.Receiver),
        Status = IsFiring(alerts, notification.At) ? Firing : Resolved,
        Alerts = [.. alerts.Select(alert => Of(alert, notification.At))],
        NotificationReason = Deduplication.TextOf(notification.Reason),
        GroupLabels = Map(notification.GroupLabels),
        CommonLabels = Common(alerts, static alert => alert.Labels),
        CommonAnnotations = Common(alerts, static alert => alert.Annotations),
        RouteLabels = notification.RouteLabels,
        ExternalUrl = notification.ExternalUrl,
    };

    /// <summary>One firing alert makes the whole group fire.</summary>
    public static bool IsFiring(IReadOnlyList<Alert> alerts, DateTimeOffset now) => alerts.Any(alert => !alert.IsResolved(now));

    private static NotifiedAlert Of(Alert alert, DateTimeOffset now)
    {
        var resolved = alert.IsResolved(now);
        return new NotifiedAlert
        {
            Status = resolved ? Resolved : Firing,
            Labels = Map(alert.Labels),
            Annotations = Map(alert.Annotations),
            StartsAt = GoTime.From(alert.StartsAt),
            // An end that has not come yet is only the store's expectation.
            EndsAt = resolved ? GoTime.From(alert.EndsAt!.Value) : GoTime.Zero,
            GeneratorUrl = alert.GeneratorUrl,
            Fingerprint = Fingerprint.TextOf(alert.Labels),
        };
    }

    private static Dictionary<string, string> Map(LabelSet labels)
    {
        var map = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var label in labels.AsSpan())
            map[label.Name] = label.Value;
        return map;
    }

    private static Dictionary<string, string> Common(IReadOnlyList<Alert> alerts, Func<Alert, LabelSet> labelsOf)
    {
        if (alerts.Count == 0)
            return [];
        var common = Map(labelsOf(alerts[0]));
        for (var i = 1; i < alerts.Count && common.Count > 0; i++)
        {
            var labels = labelsOf(alerts[i]);
            foreach (var (name, value) in common)
                if (labels.Get(name) != value)
                    common.Remove(name);
        }
        return common;
    }

    /// <summary>The name with what a regular expression would take for its own escaped: it ends up in the filter of a link.</summary>
    private static string QuoteMeta(string text)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var c in text)
            (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal) ? quoted.Append('\\') : quoted).Append(c);
        return quoted.ToString();
    }
}
