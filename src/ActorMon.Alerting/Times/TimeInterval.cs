namespace ActorMon.Alerting.Times;

/// <summary>Minutes of a day since midnight, the end exclusive (1440 is the end of the day).</summary>
public readonly record struct MinuteRange(int Start, int End);

/// <summary>Numbers from one to another, both included.</summary>
public readonly record struct NumberRange(int Begin, int End)
{
    public bool Contains(int number) => number >= Begin && number <= End;
}

/// <summary>
/// A set of moments: every part that is written must hold; a part holds when one of its ranges does. Weekdays count from Sunday (0), negative days of the month
/// from its end (-1 the last), months from 1.
/// </summary>
public sealed record TimeInterval
{
    public IReadOnlyList<MinuteRange>? Times { get; init; }
    public IReadOnlyList<NumberRange>? Weekdays { get; init; }
    public IReadOnlyList<NumberRange>? DaysOfMonth { get; init; }
    public IReadOnlyList<NumberRange>? Months { get; init; }
    public IReadOnlyList<NumberRange>? Years { get; init; }

    /// <summary>Null: UTC.</summary>
    public TimeZoneInfo? Location { get; init; }

    public bool Contains(DateTimeOffset moment)
    {
        var local = Location is { } zone ? TimeZoneInfo.ConvertTime(moment, zone) : moment;
        var minute = (local.Hour * 60) + local.Minute;
        if (Times is not null && !Times.Any(range => minute >= range.Start && minute < range.End))
            return false;
        return (DaysOfMonth is null || DaysOfMonth.Any(range => ContainsDay(range, local)))
            && (Months is null || Months.Any(range => range.Contains(local.Month)))
            && (Weekdays is null || Weekdays.Any(range => range.Contains((int)local.DayOfWeek)))
            && (Years is null || Years.Any(range => range.Contains(local.Year)));
    }

    private static bool ContainsDay(NumberRange range, DateTimeOffset local)
    {
        var days = DateTime.DaysInMonth(local.Year, local.Month);
        var begin = range.Begin < 0 ? days + range.Begin + 1 : range.Begin;
        var end = range.End < 0 ? days + range.End + 1 : range.End;
        // A month too short for the first day has no such day at all; beyond that the range is cut to the month.
        return begin <= days && local.Day >= Math.Max(begin, -days) && local.Day <= Math.Min(end, days);
    }
}

/// <summary>A time interval of the configuration: the moments of any of its parts.</summary>
public sealed record NamedTimeInterval(string Name, IReadOnlyList<TimeInterval> Intervals)
{
    public bool Contains(DateTimeOffset moment) => Intervals.Any(interval => interval.Contains(moment));
}
