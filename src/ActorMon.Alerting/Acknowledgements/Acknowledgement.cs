using ActorMon.Alerting.Alerts;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Acknowledgements;

/// <summary>Somebody looks after a firing alert: it is not told again until it has ended, its end is told.</summary>
/// <param name="Labels">All labels of the alert.</param>
/// <param name="At">Not before the alert began.</param>
public sealed record Acknowledgement(LabelSet Labels, string Owner, string Comment, DateTimeOffset At)
{
    /// <summary>When it ends at the latest; null: with the alert.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True while it holds for this alert, which fires: one that ended and began again since is another.</summary>
    public bool Covers(Alert alert, DateTimeOffset now) => alert.StartsAt <= At && !IsOver(now);

    public bool IsOver(DateTimeOffset now) => Until <= now;
}

/// <summary>What has to be stored; nothing when it was refused.</summary>
/// <param name="Error">Null: it was not.</param>
public sealed record AcknowledgementDecision(Acknowledgement? Store, string? Error);
