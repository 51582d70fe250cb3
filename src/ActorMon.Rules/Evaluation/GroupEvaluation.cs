using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;

namespace ActorMon.Rules.Evaluation;

/// <summary>A transition of an alert, with the place of its rule in the group.</summary>
public readonly record struct RuleEvent(int Rule, AlertEvent Event);

/// <summary>What one evaluation of a group gave.</summary>
/// <param name="At">The time evaluated at.</param>
/// <param name="Events">Transitions of alerts in order; already applied to the state.</param>
/// <param name="Notices">Alerts to hand to the notifier; the state has noted that they were.</param>
/// <param name="Samples">Samples of all results.</param>
/// <param name="Failures">Rules that ended with an error.</param>
public sealed record GroupEvaluation(TimestampMs At, IReadOnlyList<RuleEvent> Events, IReadOnlyList<AlertNotice> Notices, long Samples, int Failures)
{
    /// <summary>Templates that were expanded, failed ones among them.</summary>
    public long Expansions { get; init; }

    public long FailedExpansions { get; init; }
}
