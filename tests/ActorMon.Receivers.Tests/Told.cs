using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Labels;

namespace ActorMon.Receivers.Tests;

/// <summary>Notifications to tell.</summary>
internal static class Told
{
    public const string GroupKey = "{}:{alertname=\"Load\"}";

    /// <summary>SHA-256 of <see cref="GroupKey"/>.</summary>
    public static readonly string GroupHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(GroupKey)));

    public static readonly DateTimeOffset Now = new(2024, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static Notification Of(params Alert[] alerts) => new()
    {
        Receiver = "team",
        GroupKey = GroupKey,
        GroupLabels = Labels(("alertname", "Load")),
        Alerts = alerts,
        At = Now,
        Reason = NotificationReason.FirstNotification,
        ExternalUrl = "http://am.example",
        RepeatInterval = TimeSpan.FromHours(4),
        IdempotencyKey = "key-1",
    };

    public static Notification Firing { get; } = Of(Alert("a", null));

    public static Notification Resolved { get; } = Of(Alert("a", Now.AddMinutes(-1)));

    public static Alert Alert(string instance, DateTimeOffset? endsAt, string summary = "load > 5 & rising", string severity = "critical") => new()
    {
        Labels = Labels(("alertname", "Load"), ("instance", instance), ("severity", severity)),
        Annotations = Labels(("summary", summary)),
        StartsAt = Now.AddMinutes(-10).AddTicks(1_234_500),
        EndsAt = endsAt,
        UpdatedAt = Now,
        GeneratorUrl = "http://prom/graph?g0.expr=load",
    };

    public static LabelSet Labels(params (string Name, string Value)[] labels) => LabelSet.From(labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));
}
