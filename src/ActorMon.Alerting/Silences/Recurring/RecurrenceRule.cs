namespace ActorMon.Alerting.Silences.Recurring;

public enum RecurrenceFrequency : byte
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A day of the week in a rule.</summary>
/// <param name="Ordinal">Which one of the month, from 1, or from -1 (the last) backwards; 0: every one.</param>
public readonly record struct RuleDay(int Ordinal, DayOfWeek Day);

/// <summary>
/// On which days something recurs: the part of RFC 5545's RRULE that speaks of days (<see cref="RecurrenceRuleParser"/> reads it). Lists that are empty were not
/// written. Months count from 1, days of the month from 1 or from -1 (the last) backwards.
/// </summary>
public sealed record RecurrenceRule
{
    public required RecurrenceFrequency Frequency { get; init; }

    /// <summary>Every so many days, weeks, months or years.</summary>
    public int Interval { get; init; } = 1;
    public IReadOnlyList<RuleDay> ByDay { get; init; } = [];
    public IReadOnlyList<int> ByMonthDay { get; init; } = [];
    public IReadOnlyList<int> ByMonth { get; init; } = [];

    /// <summary>Which of the days of one period, from 1 or from -1 (the last) backwards.</summary>
    public IReadOnlyList<int> BySetPosition { get; init; } = [];
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>The number of days in all; null: without end.</summary>
    public int? Count { get; init; }

    /// <summary>The last moment at which it may begin; null: without end.</summary>
    public RecurrenceEnd? Until { get; init; }

    /// <summary>The text it was read from.</summary>
    public string Text { get; init; } = "";
}

/// <summary>UNTIL of a rule: a moment in UTC, or a local one of the schedule's time zone.</summary>
public sealed record RecurrenceEnd(DateTime At, bool IsUtc);
