using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Silences;

public enum SilenceState : byte
{
    Active,
    Pending,
    Expired,
}

/// <summary>A stored silence: alerts that match any of its sets are held back from its start to its end (exclusive). Times are UTC.</summary>
public sealed record Silence
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }
    public required IReadOnlyList<MatcherSet> MatcherSets { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public string Comment { get; init; } = "";
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>It ends when no alert that fires matches any more, at <see cref="EndsAt"/> at the latest, and holds back no alert that has ended.</summary>
    public bool UntilResolved { get; init; }

    /// <summary>Of one until resolved: an alert that fires has matched it since it began.</summary>
    public bool HasMatched { get; init; }

    public SilenceState StateAt(DateTimeOffset now) =>
        now < StartsAt ? SilenceState.Pending : now < EndsAt ? SilenceState.Active : SilenceState.Expired;

    /// <summary>True when the labels match, whatever the time.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var set in MatcherSets)
            if (set.Matches(labels))
                return true;
        return false;
    }

    /// <summary>
    /// True when <paramref name="next"/> may take this one's place under its id: the matchers stay; an active one keeps its start (to the second) and does not end
    /// in the past; a pending one does not start in the past; an expired one is over.
    /// </summary>
    public bool CanBecome(IReadOnlyList<MatcherSet> sets, DateTimeOffset startsAt, DateTimeOffset endsAt, DateTimeOffset now)
    {
        if (!MatcherSets.SequenceEqual(sets))
            return false;
        return StateAt(now) switch
        {
            SilenceState.Active => StartsAt.ToUnixTimeSeconds() == startsAt.ToUnixTimeSeconds() && endsAt >= now,
            SilenceState.Pending => startsAt >= now,
            _ => false,
        };
    }
}
