using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>
/// Reads the text of an RRULE (RFC 5545, 3.3.10): <c>FREQ=MONTHLY;BYDAY=2TU</c>, with or without <c>RRULE:</c> before it. What it does not know (hours, minutes,
/// weeks and days of the year) is an error and never left out.
/// </summary>
public static class RecurrenceRuleParser
{
    public const int MaxCount = 1000;
    public const int MaxInterval = 1000;
    private const string Prefix = "RRULE:";
    private static readonly string[] DayCodes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    /// <summary>The rule, or what is wrong with it.</summary>
    public static (RecurrenceRule? Rule, string? Error) Parse(string text)
    {
        var body = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in body.ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return (null, $"{GoQuote.Quote(part)} is not NAME=VALUE");
            if (!parts.TryAdd(part[..equals], part[(equals + 1)..]))
                return (null, part[..equals] + " is given twice");
        }
        if (!parts.Remove("FREQ", out var frequency))
            return (null, "FREQ is missing");
        if (Frequency(frequency) is not { } known)
            return (null, $"FREQ={frequency} is none of DAILY, WEEKLY, MONTHLY, YEARLY");
        var rule = new RecurrenceRule { Frequency = known, Text = body };
        foreach (var (name, value) in parts)
        {
            (rule, var error) = Add(rule, name, value);
            if (error is not null)
                return (null, error);
        }
        return Check(rule) is { } wrong ? (null, wrong) : (rule, null);
    }

    private static (RecurrenceRule Rule, string? Error) Add(RecurrenceRule rule, string name, string value) => name switch
    {
        "INTERVAL" => Number(value, 1, MaxInterval) is { } interval ? (rule with { Interval = interval }, null) : (rule, OutOfRange(name, value, 1, MaxInterval)),
        "COUNT" => Number(value, 1, MaxCount) is { } count ? (rule with { Count = count }, null) : (rule, OutOfRange(name, value, 1, MaxCount)),
        "BYMONTH" => Numbers(value, 1, 12) is { } months ? (rule with { ByMonth = months }, null) : (rule, OutOfRange(name, value, 1, 12)),
        "BYMONTHDAY" => SignedNumbers(value, 31) is { } days ? (rule with { ByMonthDay = days }, null) : (rule, OutOfRange(name, value, -31, 31)),
        "BYSETPOS" => SignedNumbers(value, 366) is { } positions ? (rule with { BySetPosition = positions }, null) : (rule, OutOfRange(name, value, -366, 366)),
        "BYDAY" => Days(value) is { } weekdays ? (rule with { ByDay = weekdays }, null) : (rule, $"BYDAY={value} is no list of days such as MO or -1FR"),
        "WKST" => Array.IndexOf(DayCodes, value) is >= 0 and var start ? (rule with { WeekStart = (DayOfWeek)start }, null) : (rule, $"WKST={value} is no day"),
        "UNTIL" => End(value) is { } end ? (rule with { Until = end }, null) : (rule, $"UNTIL={value} is neither YYYYMMDD nor YYYYMMDDTHHMMSS nor that with a Z"),
        _ => (rule, name + " is not supported"),
    };

    private static string? Check(RecurrenceRule rule)
    {
        var ordinals = rule.ByDay.Any(day => day.Ordinal != 0);
        if (rule is { Count: not null, Until: not null })
            return "COUNT and UNTIL exclude each other";
        if (rule.Frequency == RecurrenceFrequency.Weekly && rule.ByMonthDay.Count > 0)
            return "BYMONTHDAY cannot be used with FREQ=WEEKLY";
        if (ordinals && rule.Frequency is RecurrenceFrequency.Daily or RecurrenceFrequency.Weekly)
            return "numbers before the days of BYDAY need FREQ=MONTHLY or FREQ=YEARLY";
        if (rule.Frequency == RecurrenceFrequency.Yearly && rule.ByDay.Count > 0 && rule.ByMonth.Count == 0)
            return "BYDAY with FREQ=YEARLY needs BYMONTH";
        return rule.BySetPosition.Count > 0 && rule.ByDay.Count + rule.ByMonthDay.Count + rule.ByMonth.Count == 0 ? "BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH" : null;
    }

    private static RecurrenceFrequency? Frequency(string text) => text switch
    {
        "DAILY" => RecurrenceFrequency.Daily,
        "WEEKLY" => RecurrenceFrequency.Weekly,
        "MONTHLY" => RecurrenceFrequency.Monthly,
        "YEARLY" => RecurrenceFrequency.Yearly,
        _ => null,
    };

    private static string OutOfRange(string name, string value, int least, int most) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value} is out of range: {least} to {most}{(least < 0 ? " without 0" : "")}");

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static List<int>? SignedNumbers(string text, int most) => Numbers(text, -most, most) is { } numbers && !numbers.Contains(0) ? numbers : null;

    private static List<int>? Numbers(string text, int least, int most)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (Number(part, least, most) is not { } number)
                return null;
            numbers.Add(number);
        }
        return numbers;
    }

    private static List<RuleDay>? Days(string text)
    {
        var days = new List<RuleDay>();
        foreach (var part in text.Split(','))
        {
            var ordinal = 0;
            if (part.Length < 2 || Array.IndexOf(DayCodes, part[^2..]) is not (>= 0 and var day))
                return null;
            if (part.Length > 2)
            {
                if (Number(part[..^2], -5, 5) is not ({ } given and not 0))
                    return null;
                ordinal = given;
            }
            days.Add(new RuleDay(ordinal, (DayOfWeek)day));
        }
        return days;
    }

    private static RecurrenceEnd? End(string text)
    {
        var isUtc = text.EndsWith('Z');
        if (DateTime.TryParseExact(text.TrimEnd('Z'), "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return new RecurrenceEnd(at, isUtc);
        // A date alone takes its whole day in.
        return !isUtc && DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out at)
            ? new RecurrenceEnd(at.AddDays(1).AddTicks(-1), false)
            : null;
    }
}
