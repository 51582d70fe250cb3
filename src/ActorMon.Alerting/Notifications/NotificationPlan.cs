using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Times;

namespace ActorMon.Alerting.Notifications;

/// <summary>An alert that is kept from its receiver, and by what: one of the two is set.</summary>
public sealed record HeldAlert(Alert Alert, InhibitedBy? Inhibited, IReadOnlyList<string> SilencedBy);

/// <summary>What a flush comes to before each integration deduplicates it.</summary>
/// <param name="Alerts">To be told; empty when time intervals mute the route.</param>
/// <param name="Held">Inhibited and silenced ones.</param>
/// <param name="MutedBy">Names of the time intervals that mute the route.</param>
public sealed record NotificationPlan(IReadOnlyList<Alert> Alerts, IReadOnlyList<HeldAlert> Held, IReadOnlyList<string> MutedBy)
{
    /// <summary>Takes a flush through the stages in the original's order: inhibition, active and mute times, silences.</summary>
    public static NotificationPlan Of(Flush flush, AlertGroup group, Inhibitor inhibitor, TimeIntervals intervals, SilenceBook silences)
    {
        var free = new List<Alert>(flush.Alerts.Count);
        var held = new List<HeldAlert>();
        foreach (var alert in flush.Alerts)
        {
            if (inhibitor.Inhibiting(alert.Labels, flush.At) is { } inhibited)
                held.Add(new HeldAlert(alert, inhibited, []));
            else
                free.Add(alert);
        }
        var muted = intervals.Muting(group.Route.Options.ActiveTimeIntervals, group.Route.Options.MuteTimeIntervals, flush.At);
        if (muted.Count > 0)
            return new NotificationPlan([], held, muted);
        var told = new List<Alert>(free.Count);
        foreach (var alert in free)
        {
            var silencing = silences.Silencing(alert.Labels, flush.At, alert.EndsAt is not null);
            if (silencing.Count > 0)
                held.Add(new HeldAlert(alert, null, silencing));
            else
                told.Add(alert);
        }
        return new NotificationPlan(told, held, []);
    }
}
