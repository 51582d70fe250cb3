using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Acknowledgements;

/// <summary>Somebody looks after a firing alert: it is not told again until it has ended, its end is told.</summary>
/// <param name="Labels">All labels of the alert.</param>
public sealed record Acknowledgement(LabelSet Labels, string Owner, string Comment, DateTimeOffset At);

/// <summary>What has to be stored; nothing when it was refused.</summary>
/// <param name="Error">Null: it was not.</param>
public sealed record AcknowledgementDecision(Acknowledgement? Store, string? Error);
