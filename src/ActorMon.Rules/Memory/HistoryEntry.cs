using ActorMon.Rules.Alerts;

namespace ActorMon.Rules.Memory;

/// <summary>A transition as it is told to users.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Node">Who evaluated; the event has the time.</param>
public readonly record struct HistoryEntry(AlertEvent Event, string Rule, string Node);
