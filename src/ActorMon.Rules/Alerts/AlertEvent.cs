using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Rules.Alerts;

/// <summary>What happened to an alert. The numbers are stored: they never change.</summary>
public enum AlertChange : byte
{
    /// <summary>Its series came into the result.</summary>
    Pending = 1,

    /// <summary>It has been pending for long enough.</summary>
    Firing = 2,

    /// <summary>It fired and its condition is over; receivers are told.</summary>
    Resolved = 3,

    /// <summary>It was pending and its condition is over.</summary>
    Withdrawn = 4,

    /// <summary>Its condition is over, but it fires on for the rule's keep_firing_for.</summary>
    KeptFiring = 5,

    /// <summary>It was kept firing and its condition holds again.</summary>
    Resumed = 6,

    /// <summary>It fired, but the rule's <c>for</c> was raised above its age: pending again.</summary>
    SetBack = 7,

    /// <summary>It was resolved long enough ago to be dropped.</summary>
    Forgotten = 8,

    /// <summary>Its activeAt was found in the stored series of the time before a restart.</summary>
    Restored = 9,

    /// <summary>The rule had more alerts than its group's limit: all of them are dropped. Labels are empty.</summary>
    Cleared = 10,
}

/// <summary>
/// One transition: what the journal holds and the alert history shows. Applied in order to the state before them, events give the state after them, but for values
/// and annotations refreshed by evaluations without a transition.
/// </summary>
/// <param name="At">Time of the evaluation that decided it.</param>
/// <param name="Value">The alert's value then.</param>
public sealed record AlertEvent(AlertChange Change, LabelSet Labels, TimestampMs At, double Value)
{
    /// <summary>The alert's activeAt after the event.</summary>
    public TimestampMs ActiveAt { get; init; }

    public LabelSet Annotations { get; init; } = LabelSet.Empty;
}
