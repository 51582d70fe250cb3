using ActorMon.Receivers.Composing;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;

namespace ActorMon.Receivers.Webhooks;

/// <summary>The JSON of webhooks, which incident.io takes too: the data of templates and what names the group.</summary>
internal static class WebhookJson
{
    private const string TimeLayout = "2006-01-02T15:04:05.999999999Z07:00";

    /// <param name="data">What is told.</param>
    /// <param name="alerts">How many of its alerts go along.</param>
    /// <param name="version">Of the protocol.</param>
    /// <param name="groupKey">Text that names the group.</param>
    /// <param name="truncated">How many alerts were left out before.</param>
    public static byte[] Of(NotificationData data, int alerts, string version, string groupKey, int truncated) => JsonText.Object(json =>
    {
        json.Text("receiver", data.Receiver);
        json.Text("status", data.Status);
        json.Objects("alerts", [.. data.Alerts.Take(alerts)], Alert);
        json.Text("notification_reason", data.NotificationReason);
        Labels(json, "groupLabels", data.GroupLabels);
        Labels(json, "commonLabels", data.CommonLabels);
        Labels(json, "commonAnnotations", data.CommonAnnotations);
        Labels(json, "routeLabels", data.RouteLabels);
        json.Text("externalURL", data.ExternalUrl);
        json.Text("version", version);
        json.Text("groupKey", groupKey);
        json.Number("truncatedAlerts", truncated);
    });

    private static void Alert(JsonText json, NotifiedAlert alert)
    {
        json.Text("status", alert.Status);
        Labels(json, "labels", alert.Labels!);
        Labels(json, "annotations", alert.Annotations!);
        json.Text("startsAt", GoTimeLayout.Format(alert.StartsAt, TimeLayout));
        json.Text("endsAt", GoTimeLayout.Format(alert.EndsAt, TimeLayout));
        json.Text("generatorURL", alert.GeneratorUrl);
        json.Text("fingerprint", alert.Fingerprint);
    }

    private static void Labels(JsonText json, string name, IReadOnlyDictionary<string, string> labels) => json.Value(name, labels);
}
