namespace ActorMon.Alerting.Silences;

/// <summary>A version of a silence.</summary>
/// <param name="Changed">Which of its parts differ from the version before; empty for the first.</param>
public sealed record SilenceVersion(Silence Silence, IReadOnlyList<string> Changed)
{
    /// <param name="versions">The oldest first.</param>
    public static IReadOnlyList<SilenceVersion> Of(IReadOnlyList<Silence> versions)
    {
        var all = new SilenceVersion[versions.Count];
        for (var i = 0; i < all.Length; i++)
            all[i] = new SilenceVersion(versions[i], i == 0 ? [] : [.. Between(versions[i - 1], versions[i])]);
        return all;
    }

    private static IEnumerable<string> Between(Silence before, Silence after)
    {
        if (!before.MatcherSets.SequenceEqual(after.MatcherSets))
            yield return "matchers";
        if (before.StartsAt != after.StartsAt)
            yield return "startsAt";
        if (before.EndsAt != after.EndsAt)
            yield return "endsAt";
        if (before.CreatedBy != after.CreatedBy)
            yield return "createdBy";
        if (before.Comment != after.Comment)
            yield return "comment";
        if (before.UntilResolved != after.UntilResolved)
            yield return "untilResolved";
        if (!before.Annotations.Equals(after.Annotations))
            yield return "annotations";
    }
}
