using ActorMon.Alerting.Matchers;

namespace ActorMon.Alerting.Inhibition;

/// <summary>While an alert that matches the source fires, alerts that match the target and have equal values in all <see cref="Equal"/> labels are held back.</summary>
public sealed record InhibitRule
{
    /// <summary>"" when it has none.</summary>
    public string Name { get; init; } = "";
    public MatcherSet Source { get; init; } = MatcherSet.Empty;
    public MatcherSet Target { get; init; } = MatcherSet.Empty;

    /// <summary>Label names; a label that both sides lack is equal.</summary>
    public IReadOnlyList<string> Equal { get; init; } = [];

    public int Line { get; init; }
    public string Path { get; init; } = "";
}
