namespace ActorMon.Alerting.Notifications;

/// <summary>Why a notification is or is not sent.</summary>
public enum NotificationReason : byte
{
    /// <summary>Nothing changed, or nothing of it is known to the receiver: not sent.</summary>
    None,
    FirstNotification,
    NewAlertsInGroup,
    AllAlertsResolved,
    NewResolvedAlerts,
    RepeatInterval,
}

/// <summary>Decides from the last entry of the notification log whether a flush has to be told to an integration.</summary>
public static class Deduplication
{
    public static NotificationReason Decide(
        NotificationLogEntry? last, IReadOnlySet<ulong> firing, IReadOnlySet<ulong> resolved, TimeSpan repeatInterval, bool sendResolved, DateTimeOffset now)
    {
        if (last is null)
            return firing.Count > 0 ? NotificationReason.FirstNotification : NotificationReason.None;
        if (!firing.IsSubsetOf(last.Firing))
            return NotificationReason.NewAlertsInGroup;
        // Also without send_resolved: the entry has to forget what no longer fires. Nothing is said of alerts that fired and ended between two flushes.
        if (firing.Count == 0)
            return last.Firing.Count > 0 ? NotificationReason.AllAlertsResolved : NotificationReason.None;
        if (sendResolved && !resolved.IsSubsetOf(last.Resolved))
            return NotificationReason.NewResolvedAlerts;
        return last.Timestamp is not { } sent || sent < now - repeatInterval ? NotificationReason.RepeatInterval : NotificationReason.None;
    }

    /// <summary>The reason as templates and the webhook's JSON show it.</summary>
    public static string TextOf(NotificationReason reason) => reason switch
    {
        NotificationReason.FirstNotification => "first notification",
        NotificationReason.NewAlertsInGroup => "new alerts added",
        NotificationReason.AllAlertsResolved => "all alerts resolved",
        NotificationReason.NewResolvedAlerts => "some alerts resolved",
        NotificationReason.RepeatInterval => "repeat interval elapsed",
        _ => "none",
    };
}
