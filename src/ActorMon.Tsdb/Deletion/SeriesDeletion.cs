using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// One deletion as a partition remembers it until every sample it names is gone from the disk: samples of series that match any of the selectors (a selector: all of its
/// matchers), with Min &lt;= t &lt;= Max. The times reach from the oldest to the newest sample
/// that the partition had at the deletion at most, so what comes before or after them is visible.
/// </summary>
public sealed record SeriesDeletion
{
    /// <summary>Ascending within the partition; a part that has applied version v holds no sample of a deletion up to v.</summary>
    public required long Version { get; init; }

    /// <summary>Its version in the cluster's log; 0: of this partition alone.</summary>
    public long ClusterVersion { get; init; }

    /// <summary>It named samples here when it was written down.</summary>
    public bool Concerned { get; init; } = true;

    /// <summary>The request, the same in every partition it concerns.</summary>
    public required Guid Id { get; init; }

    public required IReadOnlyList<IReadOnlyList<Matcher>> Selectors { get; init; }

    /// <summary>Unix ms, inclusive.</summary>
    public required long Min { get; init; }
    public required long Max { get; init; }

    /// <summary>When it was asked for, Unix ms.</summary>
    public required long Created { get; init; }

    public bool Overlaps(long min, long max) => Min <= max && Max >= min;

    public bool Matches(LabelSet labels)
    {
        foreach (var selector in Selectors)
            if (MatchesAll(selector, labels))
                return true;
        return false;
    }

    private static bool MatchesAll(IReadOnlyList<Matcher> selector, LabelSet labels)
    {
        foreach (var matcher in selector)
            if (!matcher.Matches(labels))
                return false;
        return true;
    }
}
