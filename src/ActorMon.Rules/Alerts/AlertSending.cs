using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.Alerts;

/// <summary>An alert to hand to the notifier.</summary>
/// <param name="Expression">Of its rule, for the link back to it.</param>
/// <param name="EndsAt">When it was resolved, or else when a receiver that hears nothing more may take it for resolved.</param>
public sealed record AlertNotice(LabelSet Labels, LabelSet Annotations, string Expression, TimestampMs StartsAt, TimestampMs EndsAt)
{
    public bool IsResolved { get; init; }
}

/// <summary>Decides which alerts are told to receivers, and notes that they were.</summary>
public static class AlertSending
{
    /// <summary>Evaluations or transmissions that may fail in a row before a receiver takes an alert for resolved.</summary>
    private const int Spare = 4;

    /// <summary>Adds what is due at <paramref name="at"/>: firing alerts not sent for longer than the delay, resolved ones not yet told, and those again after the delay.</summary>
    public static void TakeDue(AlertBook book, string expression, TimestampMs at, TimeSpan interval, TimeSpan resendDelay, List<AlertNotice> due)
    {
        var validUntil = at + (Spare * (interval > resendDelay ? interval : resendDelay));
        foreach (var entry in book.Entries)
        {
            var alert = entry.Alert;
            if (!IsDue(alert, at, resendDelay))
                continue;
            entry.Alert = alert with { LastSentAt = at, ValidUntil = validUntil };
            due.Add(new AlertNotice(alert.Labels, alert.Annotations, expression, alert.FiredAt ?? alert.ActiveAt, alert.ResolvedAt ?? validUntil)
            {
                IsResolved = alert.ResolvedAt is not null,
            });
        }
    }

    private static bool IsDue(Alert alert, TimestampMs at, TimeSpan resendDelay) => alert.State != AlertState.Pending
        && (alert.LastSentAt is not { } sent || (alert.ResolvedAt is { } resolved && resolved > sent) || sent + resendDelay < at);
}
