using System.Globalization;

namespace ActorMon.Alerting.Silences;

/// <summary>Reads recurrence rules such as <c>FREQ=WEEKLY;BYDAY=SA,SU</c>. Parts of RFC 5545 that are not supported are named as such, never passed over.</summary>
public static class RecurrenceParser
{
    private static readonly string[] Weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
    private static readonly string[] Unsupported = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST"];

    /// <param name="zone">Name of a time zone (IANA), "" for UTC.</param>
    public static (Recurrence? Recurrence, string? Error) Parse(string rule, string zone)
    {
        if (!TryZone(zone, out var found))
            return (null, $"unknown time zone \"{zone}\"");
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in rule.Split(';'))
        {
            if (part.Split('=') is not [{ Length: > 0 } name, { Length: > 0 } value])
                return (null, $"\"{part}\" is not NAME=VALUE");
            if (!parts.TryAdd(name.ToUpperInvariant(), value.ToUpperInvariant()))
                return (null, $"{name} is written twice");
        }
        return Build(rule, found, parts);
    }

    private static (Recurrence?, string?) Build(string rule, TimeZoneInfo zone, Dictionary<string, string> parts)
    {
        var result = new Recurrence { Rule = rule, Zone = zone };
        if (!parts.Remove("FREQ", out var frequency))
            return (null, "FREQ is missing");
        if (!Enum.TryParse<RecurrenceFrequency>(frequency, ignoreCase: true, out var parsed) || char.IsAsciiDigit(frequency[0]))
            return (null, $"FREQ={frequency} is none of DAILY, WEEKLY, MONTHLY, YEARLY");
        result = result with { Frequency = parsed };
        foreach (var (name, value) in parts)
        {
            var (next, error) = Apply(result, name, value, zone);
            if (next is null)
                return (null, error);
            result = next;
        }
        return result switch
        {
            { Count: not null, Until: not null } => (null, "COUNT and UNTIL exclude each other"),
            { Frequency: RecurrenceFrequency.Weekly, MonthDays.Count: > 0 } => (null, "BYMONTHDAY does not go with FREQ=WEEKLY"),
            { Frequency: RecurrenceFrequency.Daily or RecurrenceFrequency.Weekly } when result.Days.Any(day => day.Ordinal != 0) =>
                (null, "a number in BYDAY goes with FREQ=MONTHLY and FREQ=YEARLY only"),
            // Without a month it would count in the year, which nobody writes for a silence.
            { Frequency: RecurrenceFrequency.Yearly, Months.Count: 0 } when result.Days.Any(day => day.Ordinal != 0) => (null, "a number in BYDAY needs BYMONTH with FREQ=YEARLY"),
            _ => (result, null),
        };
    }

    private static (Recurrence?, string?) Apply(Recurrence rule, string name, string value, TimeZoneInfo zone)
    {
        switch (name)
        {
            case "INTERVAL" when Number(value, 1, 1000) is { } interval:
                return (rule with { Interval = interval }, null);
            case "COUNT" when Number(value, 1, 100_000) is { } count:
                return (rule with { Count = count }, null);
            case "UNTIL" when Until(value, zone) is { } until:
                return (rule with { Until = until }, null);
            case "BYMONTH" when Numbers(value, 1, 12) is { } months:
                return (rule with { Months = months }, null);
            case "BYMONTHDAY" when Numbers(value, -31, 31) is { } days && !days.Contains(0):
                return (rule with { MonthDays = days }, null);
            case "BYDAY" when Days(value) is { } days:
                return (rule with { Days = days }, null);
            default:
                return (null, Unsupported.Contains(name) ? $"{name} is not supported" : $"{name}={value} is not a valid part of a recurrence rule");
        }
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static int[]? Numbers(string text, int least, int most)
    {
        var numbers = text.Split(',').Select(part => Number(part, least, most)).ToArray();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    private static RecurringDay[]? Days(string text)
    {
        var days = new List<RecurringDay>();
        foreach (var part in text.Split(','))
        {
            var day = part.Length < 2 ? -1 : Array.IndexOf(Weekdays, part[^2..]);
            var ordinal = part.Length == 2 ? 0 : Number(part[..Math.Max(0, part.Length - 2)], -5, 5) ?? 0;
            if (day < 0 || (part.Length > 2 && ordinal == 0))
                return null;
            days.Add(new RecurringDay(ordinal, (DayOfWeek)day));
        }
        return [.. days];
    }

    /// <summary>A date (its whole day counts), a wall clock time, or a time with Z.</summary>
    private static DateTimeOffset? Until(string text, TimeZoneInfo zone)
    {
        if (DateTime.TryParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out var utc))
            return new DateTimeOffset(utc, TimeSpan.Zero);
        if (DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date.AddDays(1).AddTicks(-1), zone.GetUtcOffset(date.AddDays(1)));
        return DateTime.TryParseExact(text, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, zone.GetUtcOffset(local)) : null;
    }

    private static bool TryZone(string name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        return name.Length == 0 || TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!);
    }
}
