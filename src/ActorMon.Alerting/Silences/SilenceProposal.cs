using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Silences;

/// <summary>A matcher as someone sent it: nothing about it is known to be right.</summary>
public sealed record ProposedMatcher(string Name, MatchOperator Operator, string Value);

/// <summary>How a silence is to come again, as someone sent it.</summary>
/// <param name="Rule">An RRULE.</param>
/// <param name="TimeZone">A name of the IANA database on whose clock it comes again; "" is UTC.</param>
/// <param name="Except">Days that are left out.</param>
public sealed record ProposedRecurrence(string Rule, string TimeZone, IReadOnlyList<DateOnly> Except);

/// <summary>A silence as someone sent it; "" as id asks for a new one, a start not given means now.</summary>
public sealed record SilenceProposal
{
    public string Id { get; init; } = "";
    public required IReadOnlyList<IReadOnlyList<ProposedMatcher>> MatcherSets { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public string Comment { get; init; } = "";
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    public bool UntilResolved { get; init; }

    /// <summary>Null: it comes once.</summary>
    public ProposedRecurrence? Recurrence { get; init; }

    /// <summary>The matchers, or what is wrong with the proposal in the original's words.</summary>
    public (IReadOnlyList<MatcherSet>? Sets, string? Error) Check(MatcherSyntax syntax)
    {
        if (MatcherSets.Count == 0)
            return (null, "at least one matcher set required");
        var sets = new List<MatcherSet>(MatcherSets.Count);
        for (var i = 0; i < MatcherSets.Count; i++)
        {
            var (set, error) = CheckSet(i, MatcherSets[i], syntax);
            if (set is null)
                return (null, error);
            sets.Add(set);
        }
        if (StartsAt is not { } start)
            return (null, "invalid zero start timestamp");
        if (EndsAt is not { } end)
            return (null, "invalid zero end timestamp");
        return end < start ? (null, "end time must not be before start time") : (sets, null);
    }

    /// <summary>Null when the matcher can be used.</summary>
    public static string? CheckMatcher(ProposedMatcher matcher, MatcherSyntax syntax)
    {
        if (!LabelNameRules.IsValid(matcher.Name, syntax))
            return "invalid label name " + GoQuote.Quote(matcher.Name);
        if (!Enum.IsDefined(matcher.Operator))
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"unknown matcher type \"{(int)matcher.Operator}\"");
        if (matcher.Operator is MatchOperator.Equal or MatchOperator.NotEqual)
            return NameValidator.IsValidLabelValue(matcher.Value) ? null : "invalid label value " + GoQuote.Quote(matcher.Value);
        try
        {
            AnchoredRegex.ParseForAlerts(matcher.Value);
            return null;
        }
        catch (FormatException e)
        {
            return $"invalid regular expression {GoQuote.Quote(matcher.Value)}: {e.Message}";
        }
    }

    private static (MatcherSet? Set, string? Error) CheckSet(int number, IReadOnlyList<ProposedMatcher> proposed, MatcherSyntax syntax)
    {
        if (proposed.Count == 0)
            return (null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"matcher set {number} is empty"));
        for (var i = 0; i < proposed.Count; i++)
            if (CheckMatcher(proposed[i], syntax) is { } error)
                return (null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"invalid label matcher {i} in set {number}: {error}"));
        var set = new MatcherSet(proposed.Select(m => new AlertMatcher(m.Operator, m.Name, m.Value)));
        return set.Matchers.All(m => m.MatchesEmpty)
            ? (null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"matcher set {number}: at least one matcher must not match the empty string"))
            : (set, null);
    }
}
