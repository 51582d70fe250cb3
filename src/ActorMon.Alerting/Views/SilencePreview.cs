using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Views;

/// <summary>What a silence with some matchers would hold back, and what it would have held back.</summary>
/// <param name="Now">Unresolved alerts that match.</param>
/// <param name="Past">Those that matched in the stretch looked at and are not there now, the latest first.</param>
/// <param name="Idle">Matchers that no alert of either list would need: without them the same alerts match.</param>
public sealed record SilencePreview(IReadOnlyList<AlertView> Now, IReadOnlyList<PastAlert> Past, IReadOnlyList<AlertMatcher> Idle)
{
    /// <param name="alerts">All that are unresolved.</param>
    /// <param name="events">Of the stretch, oldest first.</param>
    public static SilencePreview Of(MatcherSet matchers, IReadOnlyList<AlertView> alerts, IReadOnlyList<AlertEvent> events)
    {
        var now = alerts.Where(view => matchers.Matches(view.Alert.Labels)).ToArray();
        var known = now.Select(view => view.Alert.Labels).ToHashSet();
        var past = new Dictionary<LabelSet, PastAlert>();
        foreach (var happened in events)
            if (!known.Contains(happened.Labels) && matchers.Matches(happened.Labels))
                past[happened.Labels] = past.TryGetValue(happened.Labels, out var earlier) ? earlier with { Last = happened.At } : new PastAlert(happened.Labels, happened.At, happened.At);
        var all = alerts.Select(view => view.Alert.Labels).Concat(events.Select(happened => happened.Labels)).ToHashSet();
        var idle = matchers.Matchers.Where(matcher => matchers.Matchers.Count > 1 && IsIdle(matcher, matchers, all)).ToArray();
        return new SilencePreview(now, [.. past.Values.OrderByDescending(alert => alert.Last)], idle);
    }

    private static bool IsIdle(AlertMatcher matcher, MatcherSet matchers, HashSet<LabelSet> all)
    {
        var others = new MatcherSet(matchers.Matchers.Where(other => !ReferenceEquals(other, matcher)));
        return all.All(labels => matcher.Matches(labels) || !others.Matches(labels));
    }
}

/// <summary>An alert of the past: when it was first and last heard of in the stretch looked at.</summary>
public sealed record PastAlert(LabelSet Labels, DateTimeOffset First, DateTimeOffset Last);
