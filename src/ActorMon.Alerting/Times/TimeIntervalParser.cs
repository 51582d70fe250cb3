using System.Globalization;
using System.Text;

namespace ActorMon.Alerting.Times;

/// <summary>Reads the texts time intervals are made of; each gives the value or the original's error.</summary>
public static class TimeIntervalParser
{
    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] MonthNames =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>"HH:MM" twice; both must be given, and the first must be before the second.</summary>
    public static (MinuteRange Range, string? Error) Times(string start, string end)
    {
        if (start.Length == 0 || end.Length == 0)
            return (default, "both start and end times must be provided");
        if (Minute(start) is not { } from)
            return (default, $"couldn't parse timestamp {start}, invalid format");
        if (Minute(end) is not { } to)
            return (default, $"couldn't parse timestamp {end}, invalid format");
        return from >= to ? (default, "start time cannot be equal or greater than end time") : (new MinuteRange(from, to), null);
    }

    /// <summary>A day's name or two with a colon between them.</summary>
    public static (NumberRange Range, string? Error) Weekdays(string text)
    {
        var (range, error) = Range(text, value => Array.IndexOf(Days, value.ToLowerInvariant()) is >= 0 and var day ? day : null, "{0} is not a valid weekday");
        return error is null && range.Begin > range.End ? (range, "start day cannot be before end day") : (range, error);
    }

    /// <summary>1 to 31, or -1 to -31 counted from the end of the month.</summary>
    public static (NumberRange Range, string? Error) DaysOfMonth(string text)
    {
        var (range, error) = Range(text, Integer, "strconv.Atoi: parsing \"{0}\": invalid syntax");
        if (error is not null)
            return (range, error);
        foreach (var day in (ReadOnlySpan<int>)[range.Begin, range.End])
            if (day is 0 or < -31 or > 31)
                return (range, string.Create(CultureInfo.InvariantCulture, $"{day} is not a valid day of the month: out of range"));
        if (range.Begin < 0 && range.End > 0)
            return (range, "end day must be negative if start day is negative");
        // Judged in the longest month: a range that is empty there is empty in all.
        var (begin, end) = (range.Begin < 0 ? 31 + range.Begin : range.Begin, range.End < 0 ? 31 + range.End : range.End);
        return begin > end ? (range, string.Create(CultureInfo.InvariantCulture, $"end day {range.End} is always before start day {range.Begin}")) : (range, null);
    }

    /// <summary>A month's name in any case, or its number.</summary>
    public static (NumberRange Range, string? Error) Months(string text)
    {
        var (range, error) = Range(text, Month, "{0} is not a valid month");
        return error is null && range.Begin > range.End ? (range, $"end month {Part(text, 1)} is before start month {Part(text, 0)}") : (range, error);
    }

    public static (NumberRange Range, string? Error) Years(string text)
    {
        var (range, error) = Range(text, Integer, "strconv.Atoi: parsing \"{0}\": invalid syntax");
        return error is null && range.Begin > range.End
            ? (range, string.Create(CultureInfo.InvariantCulture, $"end year {range.End} is before start year {range.Begin}"))
            : (range, error);
    }

    /// <summary>A name of the IANA database, "UTC", "" (UTC) or "Local".</summary>
    public static (TimeZoneInfo? Zone, string? Error) Location(string name)
    {
        if (name == "Local")
            return (TimeZoneInfo.Local, null);
        if (name is "" or "UTC")
            return (TimeZoneInfo.Utc, null);
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? (zone, null) : (null, "unknown time zone " + name);
    }

    private static (NumberRange Range, string? Error) Range(string text, Func<string, int?> read, string error)
    {
        var parts = text.ToLowerInvariant().Split(':');
        if (parts.Length > 2)
            return (default, $"couldn't parse range {text}, invalid format");
        if (read(parts[0]) is not { } begin)
            return (default, string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(error), parts[0]));
        if (read(parts[^1]) is not { } end)
            return (default, string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(error), parts[^1]));
        return (new NumberRange(begin, end), null);
    }

    private static string Part(string text, int part) => text.ToLowerInvariant().Split(':')[part];

    private static int? Integer(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Month(string text)
    {
        if (Integer(text) is { } number)
            return number is >= 1 and <= 12 ? number : null;
        return Array.IndexOf(MonthNames, text) is >= 0 and var index ? index + 1 : null;
    }

    private static int? Minute(string text)
    {
        if (text is not [var h1, var h2, ':', var m1, var m2] || !char.IsAsciiDigit(h1) || !char.IsAsciiDigit(h2) || m1 is < '0' or > '5' || !char.IsAsciiDigit(m2))
            return null;
        var minute = ((((h1 - '0') * 10) + h2 - '0') * 60) + ((m1 - '0') * 10) + m2 - '0';
        return minute <= 24 * 60 ? minute : null;
    }
}
