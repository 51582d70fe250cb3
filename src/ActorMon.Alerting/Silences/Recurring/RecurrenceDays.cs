namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>The days of a rule, counted from its first day on. RFC 5545, 3.3.10.</summary>
internal static class RecurrenceDays
{
    /// <summary>How long to look for another day: the 29th of February every seventh year comes once in 28 years.</summary>
    private const int HorizonYears = 30;

    /// <summary>Days from <paramref name="from"/> on in order, as far as <see cref="RecurrenceRule.Count"/> goes; the caller minds the rule's Until. Lazy.</summary>
    public static IEnumerable<DateOnly> Of(RecurrenceRule rule, DateOnly start, DateOnly from)
    {
        // With a count the days before have to be counted too.
        var period = rule.Count is null && from > start ? Math.Max(0, PeriodOf(rule, start, from) - 1) : 0;
        var counted = 0;
        var last = from > start ? from : start;
        while (Period(rule, start, period) is { } first && first < Later(last))
        {
            foreach (var day in Chosen(rule, Days(rule, start, first)))
            {
                if (day < start)
                    continue;
                if (rule.Count is { } count && counted++ >= count)
                    yield break;
                if (day < from)
                    continue;
                yield return day;
                last = day;
            }
            period++;
        }
    }

    private static DateOnly Later(DateOnly day) => day.Year > DateOnly.MaxValue.Year - HorizonYears ? DateOnly.MaxValue : day.AddYears(HorizonYears);

    /// <summary>The first day of the period of this number; null: beyond the calendar.</summary>
    private static DateOnly? Period(RecurrenceRule rule, DateOnly start, int number)
    {
        var steps = (long)number * rule.Interval;
        return rule.Frequency switch
        {
            RecurrenceFrequency.Daily => AddDays(start, steps),
            RecurrenceFrequency.Weekly => AddDays(WeekOf(rule, start), steps * 7),
            RecurrenceFrequency.Monthly => Month(start.Year, start.Month, steps),
            _ => Month(start.Year, 1, steps * 12),
        };
    }

    private static int PeriodOf(RecurrenceRule rule, DateOnly start, DateOnly day) => rule.Frequency switch
    {
        RecurrenceFrequency.Daily => (day.DayNumber - start.DayNumber) / rule.Interval,
        RecurrenceFrequency.Weekly => (WeekOf(rule, day).DayNumber - WeekOf(rule, start).DayNumber) / 7 / rule.Interval,
        RecurrenceFrequency.Monthly => (((day.Year - start.Year) * 12) + day.Month - start.Month) / rule.Interval,
        _ => (day.Year - start.Year) / rule.Interval,
    };

    private static DateOnly WeekOf(RecurrenceRule rule, DateOnly day) =>
        DateOnly.FromDayNumber(Math.Max(0, day.DayNumber - (((int)day.DayOfWeek - (int)rule.WeekStart + 7) % 7)));

    private static DateOnly? AddDays(DateOnly day, long days) => day.DayNumber + days <= DateOnly.MaxValue.DayNumber ? day.AddDays((int)days) : null;

    private static DateOnly? Month(int year, int month, long months)
    {
        var number = (year * 12L) + month - 1 + months;
        return number / 12 <= DateOnly.MaxValue.Year ? new DateOnly((int)(number / 12), (int)(number % 12) + 1, 1) : null;
    }

    /// <summary>The days of one period in order, before BYSETPOS chooses among them.</summary>
    private static List<DateOnly> Days(RecurrenceRule rule, DateOnly start, DateOnly first)
    {
        var days = new List<DateOnly>();
        switch (rule.Frequency)
        {
            case RecurrenceFrequency.Daily:
                if (InMonths(rule, first) && OnMonthDay(rule, first) && (rule.ByDay.Count == 0 || OnWeekday(rule, first)))
                    days.Add(first);
                break;
            case RecurrenceFrequency.Weekly:
                for (var i = 0; i < 7 && AddDays(first, i) is { } day; i++)
                    if (InMonths(rule, day) && (rule.ByDay.Count == 0 ? day.DayOfWeek == start.DayOfWeek : OnWeekday(rule, day)))
                        days.Add(day);
                break;
            case RecurrenceFrequency.Monthly:
                if (InMonths(rule, first))
                    AddMonth(rule, start, first, days);
                break;
            default:
                for (var month = 1; month <= 12; month++)
                    if (rule.ByMonth.Count > 0 ? rule.ByMonth.Contains(month) : month == start.Month || rule.ByMonthDay.Count > 0)
                        AddMonth(rule, start, new DateOnly(first.Year, month, 1), days);
                break;
        }
        return days;
    }

    private static void AddMonth(RecurrenceRule rule, DateOnly start, DateOnly first, List<DateOnly> days)
    {
        var length = DateTime.DaysInMonth(first.Year, first.Month);
        for (var number = 1; number <= length; number++)
        {
            var day = new DateOnly(first.Year, first.Month, number);
            var isOne = rule.ByDay.Count == 0 && rule.ByMonthDay.Count == 0
                ? number == start.Day
                : OnMonthDay(rule, day) && (rule.ByDay.Count == 0 || OnWeekday(rule, day));
            if (isOne)
                days.Add(day);
        }
    }

    private static bool InMonths(RecurrenceRule rule, DateOnly day) => rule.ByMonth.Count == 0 || rule.ByMonth.Contains(day.Month);

    private static bool OnMonthDay(RecurrenceRule rule, DateOnly day) =>
        rule.ByMonthDay.Count == 0 || rule.ByMonthDay.Contains(day.Day) || rule.ByMonthDay.Contains(day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1);

    private static bool OnWeekday(RecurrenceRule rule, DateOnly day)
    {
        foreach (var (ordinal, weekday) in rule.ByDay)
        {
            if (weekday != day.DayOfWeek)
                continue;
            var fromStart = ((day.Day - 1) / 7) + 1;
            var fromEnd = -(((DateTime.DaysInMonth(day.Year, day.Month) - day.Day) / 7) + 1);
            if (ordinal == 0 || ordinal == fromStart || ordinal == fromEnd)
                return true;
        }
        return false;
    }

    private static IEnumerable<DateOnly> Chosen(RecurrenceRule rule, List<DateOnly> days)
    {
        for (var i = 0; i < days.Count; i++)
            if (rule.BySetPosition.Count == 0 || rule.BySetPosition.Contains(i + 1) || rule.BySetPosition.Contains(i - days.Count))
                yield return days[i];
    }
}
