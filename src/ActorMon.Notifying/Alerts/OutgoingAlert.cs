using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Notifying.Alerts;

/// <summary>An alert as an Alertmanager is told it.</summary>
/// <param name="StartsAt">When it began to fire.</param>
/// <param name="EndsAt">When it was resolved, or else when it counts as resolved unless it is told again.</param>
/// <param name="GeneratorUrl">Leads to the graph of its rule's expression.</param>
public sealed record OutgoingAlert(LabelSet Labels, LabelSet Annotations, TimestampMs StartsAt, TimestampMs EndsAt, string GeneratorUrl);
