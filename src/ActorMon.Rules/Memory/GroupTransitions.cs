using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;

namespace ActorMon.Rules.Memory;

/// <summary>A transition of an alert of a rule.</summary>
public readonly record struct RuleTransition(RuleKey Rule, AlertEvent Event);

/// <summary>What one evaluation of a group changed: one record of its journal.</summary>
/// <param name="At">The time evaluated at.</param>
/// <param name="Node">Who evaluated.</param>
public sealed record GroupTransitions(TimestampMs At, string Node, IReadOnlyList<RuleTransition> Changes);

/// <summary>The alerts of one rule.</summary>
public sealed record RuleAlerts(RuleKey Rule, IReadOnlyList<Alert> Alerts);

/// <summary>All that a group remembers: what replaces the records before it.</summary>
/// <param name="At">The time evaluated at last.</param>
public sealed record GroupSnapshot(TimestampMs At, IReadOnlyList<RuleAlerts> Rules, IReadOnlyList<HistoryEntry> History);
