using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Views;

/// <summary>What those who hold an alert know of it; the routes it takes follow from the configuration.</summary>
/// <param name="Alert">Null: nobody knows an alert of these labels.</param>
public sealed record AlertFacts(Alert? Alert, AlertStatus Status, IReadOnlyList<GroupFacts> Groups)
{
    /// <summary>Who looks after it; null: nobody said so.</summary>
    public Acknowledgement? Acknowledged { get; init; }
}

/// <summary>What a group does next and what it did.</summary>
/// <param name="NextFlush">When it tells its receiver next; null: nothing is due.</param>
/// <param name="Flushes">How often it has flushed since it began.</param>
/// <param name="MutedBy">Time intervals that mute its route now.</param>
public sealed record GroupFacts(
    string RouteId, string Key, string Receiver, LabelSet Labels, int Alerts, DateTimeOffset? NextFlush, long Flushes, IReadOnlyList<string> MutedBy,
    IReadOnlyList<IntegrationFacts> Integrations);

/// <summary>What one integration of the group's receiver was last told.</summary>
/// <param name="Integration">Such as <c>webhook[0]</c>.</param>
/// <param name="Last">Null: nothing yet, or long ago.</param>
/// <param name="Error">Of the last attempt; "" when it went well or there was none.</param>
/// <param name="RetryAt">When it is tried again.</param>
public sealed record IntegrationFacts(string Integration, NotificationLogEntry? Last, string Error, DateTimeOffset? RetryAt);
