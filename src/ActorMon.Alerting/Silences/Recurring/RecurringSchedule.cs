namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>One stretch of time of a schedule, the end exclusive. UTC.</summary>
public readonly record struct Occurrence(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Stretches of time that come again: on the days of a rule, at a time of the clock of a time zone, each as long as the others.</summary>
/// <param name="Start">The first day and the local time of each; a first day that is not one of the rule's is left out.</param>
/// <param name="Duration">As it passes, not as the clock shows it: two hours are two hours over a change of the clocks too.</param>
/// <param name="Except">Days that are left out.</param>
public sealed record RecurringSchedule(DateTime Start, TimeSpan Duration, TimeZoneInfo Zone, RecurrenceRule Rule, IReadOnlySet<DateOnly> Except)
{
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(31);

    /// <summary>Those that end after a moment, in order; they may overlap. Lazy, and without end where the rule has none.</summary>
    public IEnumerable<Occurrence> After(DateTimeOffset moment)
    {
        // Two days more than the duration: zones and a changed clock move a day less than that.
        var from = DateOnly.FromDateTime(moment.UtcDateTime - (Duration < MaxDuration ? Duration : MaxDuration) - TimeSpan.FromDays(2));
        foreach (var day in RecurrenceDays.Of(Rule, DateOnly.FromDateTime(Start), from))
        {
            var local = day.ToDateTime(TimeOnly.FromDateTime(Start));
            var starts = MomentOf(local);
            if (Rule.Until is { } until && (until.IsUtc ? starts.UtcDateTime > until.At : local > until.At))
                yield break;
            if (!Except.Contains(day) && starts + Duration > moment)
                yield return new Occurrence(starts, starts + Duration);
        }
    }

    /// <summary>
    /// A time the clock shows twice is the first of the two; one it leaves out is taken as if the clock had not yet been put forward (RFC 5545, 3.3.5).
    /// </summary>
    private DateTimeOffset MomentOf(DateTime local)
    {
        if (Zone.IsAmbiguousTime(local))
            return new DateTimeOffset(local, Zone.GetAmbiguousTimeOffsets(local).Max()).ToUniversalTime();
        var sound = local;
        while (Zone.IsInvalidTime(sound))
            sound = sound.AddMinutes(-15);
        return new DateTimeOffset(local, Zone.GetUtcOffset(sound)).ToUniversalTime();
    }
}
