using ActorMon.Alerting.Alerts;

namespace ActorMon.Alerting.Notifications;

/// <summary>What one integration does with the alerts of a flush.</summary>
/// <param name="Reason"><see cref="NotificationReason.None"/>: nothing, and nothing is logged.</param>
/// <param name="Message">The alerts to send; empty with a reason: nothing is sent, but the log is written, as after sending.</param>
/// <param name="Entry">What to log once it is sent.</param>
public sealed record IntegrationPlan(NotificationReason Reason, IReadOnlyList<Alert> Message, NotificationLogEntry Entry)
{
    /// <param name="isLookedAfter">Everything that fires is acknowledged: it is not told again just because time went by.</param>
    public static IntegrationPlan Of(
        IReadOnlyList<Alert> alerts, NotificationLogEntry? last, TimeSpan repeatInterval, bool sendResolved, DateTimeOffset now, bool isLookedAfter = false)
    {
        var (firing, resolved) = (new HashSet<ulong>(), new HashSet<ulong>());
        foreach (var alert in alerts)
            (alert.IsResolved(now) ? resolved : firing).Add(Fingerprint.Of(alert.Labels));
        var reason = Deduplication.Decide(last, firing, resolved, repeatInterval, sendResolved, now);
        if (reason == NotificationReason.RepeatInterval && isLookedAfter)
            reason = NotificationReason.None;
        IReadOnlyList<Alert> message = reason == NotificationReason.None ? [] : sendResolved ? alerts : [.. alerts.Where(alert => !alert.IsResolved(now))];
        return new IntegrationPlan(reason, message, new NotificationLogEntry(now, firing, resolved) { ReceiverData = last?.ReceiverData ?? "" });
    }
}
