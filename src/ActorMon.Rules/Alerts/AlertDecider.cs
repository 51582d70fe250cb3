using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.Alerts;

/// <summary>What a rule asks of its alerts.</summary>
/// <param name="Limit">Most active alerts, 0: no limit.</param>
public readonly record struct AlertPolicy(TimeSpan For, TimeSpan KeepFiringFor, long Limit);

/// <summary>One series of a rule's result, as the alert it stands for.</summary>
public readonly record struct AlertInstance(LabelSet Labels, LabelSet Annotations, double Value);

/// <summary>Transitions to apply, or an error; with the error of the limit comes the event that clears the rule.</summary>
public readonly record struct AlertDecision(IReadOnlyList<AlertEvent> Events, string? Error);

/// <summary>
/// The alert state machine: inactive, pending, firing, resolved. Decides by an evaluation's result what becomes of a rule's alerts; nothing is changed here.
/// Rules follow Prometheus 3.14.
/// </summary>
public static class AlertDecider
{
    /// <summary>How long a resolved alert is kept, so that its end is told again to receivers that missed it.</summary>
    public static readonly TimeSpan ResolvedRetention = TimeSpan.FromMinutes(15);

    /// <param name="at">Time of the evaluation, without query offset.</param>
    /// <param name="instances">The result; no two with the same labels.</param>
    /// <param name="complete">False: data was missing, so what is not in the result may be there all the same.</param>
    public static AlertDecision Decide(AlertBook book, in AlertPolicy policy, TimestampMs at, Dictionary<LabelSet, AlertInstance> instances, bool complete)
    {
        var events = new List<AlertEvent>();
        var active = 0L;
        foreach (var entry in book.Entries)
        {
            var alert = entry.Alert;
            if (instances.TryGetValue(alert.Labels, out var instance))
            {
                // One that was resolved starts anew, below.
                if (!alert.IsActive)
                    continue;
                Held(alert, instance, policy, at, events);
                active++;
            }
            else if (complete)
            {
                active += Gone(alert, policy, at, events) ? 1 : 0;
            }
            else if (alert.IsActive)
            {
                active++;
            }
        }
        foreach (var instance in instances.Values)
        {
            if (book.TryGet(instance.Labels, out var known) && known.IsActive)
                continue;
            events.Add(new AlertEvent(AlertChange.Pending, instance.Labels, at, instance.Value) { ActiveAt = at, Annotations = instance.Annotations });
            if (policy.For <= TimeSpan.Zero)
                events.Add(new AlertEvent(AlertChange.Firing, instance.Labels, at, instance.Value) { ActiveAt = at, Annotations = instance.Annotations });
            active++;
        }
        return policy.Limit > 0 && active > policy.Limit
            ? new AlertDecision([new AlertEvent(AlertChange.Cleared, LabelSet.Empty, at, 0)], $"exceeded limit of {policy.Limit} with {active} alerts")
            : new AlertDecision(events, null);
    }

    private static void Held(Alert alert, in AlertInstance instance, in AlertPolicy policy, TimestampMs at, List<AlertEvent> events)
    {
        if (alert.KeepFiringSince is not null)
            events.Add(Event(AlertChange.Resumed, alert, at, instance));
        Age(alert, policy, at, instance, events);
    }

    /// <summary>False: the alert is active no more.</summary>
    private static bool Gone(Alert alert, in AlertPolicy policy, TimestampMs at, List<AlertEvent> events)
    {
        var last = new AlertInstance(alert.Labels, alert.Annotations, alert.Value);
        switch (alert.State)
        {
            case AlertState.Pending:
                events.Add(Event(AlertChange.Withdrawn, alert, at, last));
                return false;
            case AlertState.Firing:
                if (at - (alert.KeepFiringSince ?? at) >= policy.KeepFiringFor)
                {
                    events.Add(Event(AlertChange.Resolved, alert, at, last));
                    return false;
                }
                if (alert.KeepFiringSince is null)
                    events.Add(Event(AlertChange.KeptFiring, alert, at, last));
                Age(alert, policy, at, last, events);
                return true;
            default:
                if (alert.ResolvedAt is { } resolved && at - resolved > ResolvedRetention)
                    events.Add(Event(AlertChange.Forgotten, alert, at, last));
                return false;
        }
    }

    private static void Age(Alert alert, in AlertPolicy policy, TimestampMs at, in AlertInstance instance, List<AlertEvent> events)
    {
        var oldEnough = at - alert.ActiveAt >= policy.For;
        if (alert.State == AlertState.Pending && oldEnough)
            events.Add(Event(AlertChange.Firing, alert, at, instance));
        else if (alert.State == AlertState.Firing && !oldEnough)
            events.Add(Event(AlertChange.SetBack, alert, at, instance));
    }

    private static AlertEvent Event(AlertChange change, Alert alert, TimestampMs at, in AlertInstance instance) =>
        new(change, alert.Labels, at, instance.Value) { ActiveAt = alert.ActiveAt, Annotations = instance.Annotations };
}
