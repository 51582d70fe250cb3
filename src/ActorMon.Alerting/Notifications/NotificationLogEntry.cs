namespace ActorMon.Alerting.Notifications;

/// <summary>What was last sent for a group to one integration of a receiver.</summary>
/// <param name="Timestamp">When; null is as old as can be.</param>
/// <param name="Firing">Fingerprints of the alerts that fired then.</param>
/// <param name="Resolved">Fingerprints of the alerts that were resolved then.</param>
public sealed record NotificationLogEntry(DateTimeOffset? Timestamp, IReadOnlySet<ulong> Firing, IReadOnlySet<ulong> Resolved)
{
    /// <summary>What the receiver has to remember, such as the id of the message to change; "" for nothing.</summary>
    public string ReceiverData { get; init; } = "";

    /// <summary>When the entry may be forgotten: after twice the repeat interval, at most the retention.</summary>
    public static DateTimeOffset ExpiryOf(DateTimeOffset sent, TimeSpan repeatInterval, TimeSpan retention)
    {
        var twice = repeatInterval * 2;
        return sent + (twice < retention ? twice : retention);
    }
}
