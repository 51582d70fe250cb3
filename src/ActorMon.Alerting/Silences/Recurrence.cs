namespace ActorMon.Alerting.Silences;

public enum RecurrenceFrequency : byte
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A day of the week; with a number the first, second ... (1 to 5) of its month, or counted from the end (-1 the last).</summary>
public readonly record struct RecurringDay(int Ordinal, DayOfWeek Day);

/// <summary>
/// When something comes back, by wall clock in a time zone: a subset of iCalendar's recurrence rules (RFC 5545): FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL,
/// BYDAY, BYMONTHDAY, BYMONTH, COUNT, UNTIL. Weeks begin on Monday. Immutable.
/// </summary>
public sealed record Recurrence
{
    /// <summary>Days looked at before it is taken that nothing comes any more: a leap day of a weekday comes back after 40 years at the latest.</summary>
    private const int MostDays = 41 * 366;

    /// <summary>The rule as it was written.</summary>
    public required string Rule { get; init; }
    public required TimeZoneInfo Zone { get; init; }
    public RecurrenceFrequency Frequency { get; init; }

    /// <summary>Every so many days, weeks, months or years; at least 1.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>Each empty: as the first occurrence.</summary>
    public IReadOnlyList<RecurringDay> Days { get; init; } = [];
    public IReadOnlyList<int> MonthDays { get; init; } = [];
    public IReadOnlyList<int> Months { get; init; } = [];

    /// <summary>Occurrences in all; null: no end.</summary>
    public int? Count { get; init; }

    /// <summary>The last moment one may start; null: no end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The first occurrence that ends after a moment, or null when there is none any more.</summary>
    /// <param name="first">Start of the first, which counts as an occurrence whatever the rule says.</param>
    /// <param name="length">Of each.</param>
    public (DateTimeOffset Start, DateTimeOffset End)? Next(DateTimeOffset first, TimeSpan length, DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(first, Zone).DateTime;
        var firstDay = DateOnly.FromDateTime(local);
        var time = TimeOnly.FromDateTime(local);
        var (seen, idle) = (0, 0);
        for (var day = firstDay; idle < MostDays && day < DateOnly.MaxValue; day = day.AddDays(1), idle++)
        {
            if (day != firstDay && !Holds(day, firstDay))
                continue;
            var start = day == firstDay ? first : Moment(day.ToDateTime(time));
            if (start > Until || seen++ == Count)
                return null;
            idle = 0;
            if (start + length > after)
                return (start.ToUniversalTime(), (start + length).ToUniversalTime());
        }
        return null;
    }

    private bool Holds(DateOnly day, DateOnly first) => IsInStep(day, first) && Frequency switch
    {
        RecurrenceFrequency.Daily => HasMonth(day) && HasWeekday(day) && HasMonthDay(day),
        RecurrenceFrequency.Weekly => HasMonth(day) && (Days.Count > 0 ? HasWeekday(day) : day.DayOfWeek == first.DayOfWeek),
        RecurrenceFrequency.Monthly => HasMonth(day) && HasDayOfMonth(day, first),
        _ => (Months.Count > 0 ? HasMonth(day) : day.Month == first.Month) && HasDayOfMonth(day, first),
    };

    private bool IsInStep(DateOnly day, DateOnly first) => Frequency switch
    {
        RecurrenceFrequency.Daily => (day.DayNumber - first.DayNumber) % Interval == 0,
        RecurrenceFrequency.Weekly => (Monday(day) - Monday(first)) / 7 % Interval == 0,
        RecurrenceFrequency.Monthly => ((day.Year - first.Year) * 12 + day.Month - first.Month) % Interval == 0,
        _ => (day.Year - first.Year) % Interval == 0,
    };

    /// <summary>The number of the Monday of its week.</summary>
    private static int Monday(DateOnly day) => day.DayNumber - ((int)day.DayOfWeek + 6) % 7;

    private bool HasMonth(DateOnly day) => Months.Count == 0 || Months.Contains(day.Month);

    private bool HasDayOfMonth(DateOnly day, DateOnly first) =>
        Days.Count == 0 && MonthDays.Count == 0 ? day.Day == first.Day : HasWeekday(day) && HasMonthDay(day);

    private bool HasMonthDay(DateOnly day)
    {
        if (MonthDays.Count == 0)
            return true;
        var fromEnd = day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1;
        return MonthDays.Contains(day.Day) || MonthDays.Contains(fromEnd);
    }

    private bool HasWeekday(DateOnly day)
    {
        if (Days.Count == 0)
            return true;
        var ordinal = (day.Day + 6) / 7;
        var fromEnd = -((DateTime.DaysInMonth(day.Year, day.Month) - day.Day) / 7 + 1);
        foreach (var wanted in Days)
            if (wanted.Day == day.DayOfWeek && (wanted.Ordinal == 0 || wanted.Ordinal == ordinal || wanted.Ordinal == fromEnd))
                return true;
        return false;
    }

    /// <summary>A wall clock time that is left out in spring is that much later; of one that comes twice in autumn the first is meant.</summary>
    private DateTimeOffset Moment(DateTime local)
    {
        if (Zone.IsInvalidTime(local))
        {
            // The offset of the day before is the one from which the clock is put forward.
            return new DateTimeOffset(local, Zone.GetUtcOffset(local.AddDays(-1)));
        }
        return new DateTimeOffset(local, Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local));
    }
}
