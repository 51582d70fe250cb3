using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.Alerts;

/// <summary>States of an alert, and of a rule as the greatest of its alerts'.</summary>
public enum AlertState : byte
{
    /// <summary>Of a rule that was never evaluated.</summary>
    Unknown,
    Inactive,
    Pending,
    Firing,
}

/// <summary>How states are called.</summary>
public static class AlertStateNames
{
    public static string Text(this AlertState state) => state switch
    {
        AlertState.Firing => "firing",
        AlertState.Pending => "pending",
        AlertState.Inactive => "inactive",
        _ => "unknown",
    };
}

/// <summary>One alert of a rule; its labels are its identity.</summary>
/// <param name="Labels">With alertname.</param>
/// <param name="ActiveAt">Since when the condition holds, as far as it counts for the rule's <c>for</c>.</param>
public sealed record Alert(LabelSet Labels, AlertState State, TimestampMs ActiveAt)
{
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>At the last evaluation whose result held the alert; 0 for a histogram.</summary>
    public double Value { get; init; }
    public TimestampMs? FiredAt { get; init; }

    /// <summary>Set exactly when the alert fired and does no longer.</summary>
    public TimestampMs? ResolvedAt { get; init; }

    /// <summary>Since when the alert fires without its condition.</summary>
    public TimestampMs? KeepFiringSince { get; init; }

    /// <summary>When it was last handed to the notifier.</summary>
    public TimestampMs? LastSentAt { get; init; }

    /// <summary>Until when the receiver of the last notification may take it for firing.</summary>
    public TimestampMs? ValidUntil { get; init; }

    /// <summary>Pending or firing.</summary>
    public bool IsActive => State is AlertState.Pending or AlertState.Firing;
}
