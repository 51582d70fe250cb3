using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Notifications;

/// <summary>One alert of a notification. Null labels or annotations are Go's nil maps (null in JSON).</summary>
public sealed record NotifiedAlert
{
    /// <summary>firing or resolved.</summary>
    public string Status { get; init; } = "";
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    public GoTime StartsAt { get; init; } = GoTime.Zero;

    /// <summary>The zero time while the alert fires.</summary>
    public GoTime EndsAt { get; init; } = GoTime.Zero;
    public string GeneratorUrl { get; init; } = "";

    /// <summary>Sixteen hexadecimal digits.</summary>
    public string Fingerprint { get; init; } = "";
}

/// <summary>What notification templates see as dot (Alertmanager's template.Data).</summary>
public sealed record NotificationData
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public string Receiver { get; init; } = "";
    public string Status { get; init; } = "";
    public IReadOnlyList<NotifiedAlert> Alerts { get; init; } = [];
    public string NotificationReason { get; init; } = "";
    public IReadOnlyDictionary<string, string> GroupLabels { get; init; } = NoLabels;
    public IReadOnlyDictionary<string, string> CommonLabels { get; init; } = NoLabels;
    public IReadOnlyDictionary<string, string> CommonAnnotations { get; init; } = NoLabels;
    public IReadOnlyDictionary<string, string> RouteLabels { get; init; } = NoLabels;
    public string ExternalUrl { get; init; } = "";

    /// <summary>The value templates run over. Make it once for all templates of a notification.</summary>
    public TemplateValue ToValue() => new ObjectValue(NotificationTypes.Data,
    [
        Receiver, Status, new ListValue([.. Alerts.Select(ToValue)], NotificationTypes.Alerts), NotificationReason, Labels(GroupLabels), Labels(CommonLabels),
        Labels(CommonAnnotations), Labels(RouteLabels), ExternalUrl,
    ]);

    private static TemplateValue ToValue(NotifiedAlert alert) => new ObjectValue(NotificationTypes.Alert,
    [
        alert.Status, Labels(alert.Labels), Labels(alert.Annotations), TimeValues.Of(alert.StartsAt), TimeValues.Of(alert.EndsAt), alert.GeneratorUrl, alert.Fingerprint,
    ]);

    private static MapValue Labels(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? new MapValue([], NotificationTypes.KV) { IsNil = true } : MapValue.OfTexts(labels, NotificationTypes.KV);
}
