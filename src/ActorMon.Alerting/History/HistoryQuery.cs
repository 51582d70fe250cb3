using ActorMon.Alerting.Matchers;

namespace ActorMon.Alerting.History;

/// <summary>Which events to show: those of matching alerts in a stretch of time, both ends included; the newest when there are more than <paramref name="Limit"/>.</summary>
/// <param name="Kinds">Empty: all.</param>
public sealed record HistoryQuery(MatcherSet Filter, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<AlertEventKind> Kinds, int Limit)
{
    public bool Admits(AlertEvent happened) =>
        happened.At >= From && happened.At <= To && (Kinds.Count == 0 || Kinds.Contains(happened.Kind)) && Filter.Matches(happened.Labels);
}
