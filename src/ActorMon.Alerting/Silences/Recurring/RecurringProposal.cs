using System.Globalization;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Times;

namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>A recurring silence as someone sent it; "" as id asks for a new one.</summary>
public sealed record RecurringProposal
{
    private const int MinYear = 1970;
    private const int MaxYear = 2999;

    public string Id { get; init; } = "";
    public required IReadOnlyList<IReadOnlyList<ProposedMatcher>> MatcherSets { get; init; }

    /// <summary>An RRULE.</summary>
    public required string Rule { get; init; }

    /// <summary>First day and time on the clock of the zone.</summary>
    public required DateTime Start { get; init; }
    public required TimeSpan Duration { get; init; }

    /// <summary>A name of the IANA database; "" is UTC.</summary>
    public string TimeZone { get; init; } = "";
    public IReadOnlyList<DateOnly> Except { get; init; } = [];
    public string CreatedBy { get; init; } = "";
    public string Comment { get; init; } = "";

    /// <summary>A silence that was posted with a recurrence: its start and end are those of the first time.</summary>
    /// <param name="id">"" asks for a new one.</param>
    public static (RecurringProposal? Proposal, string? Error) Of(SilenceProposal posted, ProposedRecurrence recurrence, string id)
    {
        var (zone, error) = TimeIntervalParser.Location(recurrence.TimeZone);
        if (zone is null)
            return (null, error);
        if (posted is not { StartsAt: { } start, EndsAt: { } end })
            return (null, "a recurring silence needs start and end of its first time");
        if (posted.UntilResolved)
            return (null, "a silence that recurs does not end with its alerts");
        return (new RecurringProposal
        {
            Id = id,
            MatcherSets = posted.MatcherSets,
            Rule = recurrence.Rule,
            Start = TimeZoneInfo.ConvertTime(start, zone).DateTime,
            Duration = end - start,
            TimeZone = recurrence.TimeZone,
            Except = recurrence.Except,
            CreatedBy = posted.CreatedBy,
            Comment = posted.Comment,
        }, null);
    }

    /// <summary>The recurring silence, or what is wrong with the proposal. One that will never come again is wrong.</summary>
    /// <param name="id">That it gets.</param>
    public (RecurringSilence? Silence, string? Error) Check(string id, MatcherSyntax syntax, DateTimeOffset now)
    {
        var (rule, error) = RecurrenceRuleParser.Parse(Rule);
        if (rule is null)
            return (null, "invalid rule: " + error);
        (var zone, error) = TimeIntervalParser.Location(TimeZone);
        if (zone is null)
            return (null, error);
        if (Duration <= TimeSpan.Zero || Duration > RecurringSchedule.MaxDuration)
            return (null, string.Create(CultureInfo.InvariantCulture, $"duration {Duration} is out of range: more than 0, at most {RecurringSchedule.MaxDuration.Days} days"));
        if (Start.Year is < MinYear or > MaxYear)
            return (null, string.Create(CultureInfo.InvariantCulture, $"start year {Start.Year} is out of range: {MinYear} to {MaxYear}"));
        // A silence is checked as any other; its own times follow from the schedule.
        var check = new SilenceProposal { MatcherSets = MatcherSets, StartsAt = now, EndsAt = now + Duration }.Check(syntax);
        if (check.Sets is null)
            return (null, check.Error);
        var schedule = new RecurringSchedule(DateTime.SpecifyKind(Start, DateTimeKind.Unspecified), Duration, zone, rule, Except.ToHashSet());
        if (!schedule.After(now).Any())
            return (null, $"rule {rule.Text} has no occurrence after {now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
        return (new RecurringSilence { Id = id, MatcherSets = check.Sets, Schedule = schedule, TimeZone = TimeZone, UpdatedAt = now, CreatedBy = CreatedBy, Comment = Comment }, null);
    }
}
