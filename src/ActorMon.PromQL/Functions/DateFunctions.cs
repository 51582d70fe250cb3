using System.Collections.Frozen;

namespace ActorMon.PromQL.Functions;

/// <summary>Calendar functions of seconds since the epoch, UTC, proleptic Gregorian, any year.</summary>
internal static class DateFunctions
{
    private const long SecondsPerDay = 86400;

    public static readonly FrozenDictionary<string, Func<double, double>> ByName = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["minute"] = seconds => Modulo(Whole(seconds), 3600) / 60,
        ["hour"] = seconds => Modulo(Whole(seconds), SecondsPerDay) / 3600,
        ["day_of_week"] = seconds => Modulo(Days(seconds) + 4, 7),
        ["day_of_month"] = seconds => Civil(seconds).Day,
        ["day_of_year"] = seconds => DayOfYear(Civil(seconds)),
        ["days_in_month"] = seconds => DaysInMonth(Civil(seconds)),
        ["month"] = seconds => Civil(seconds).Month,
        ["year"] = seconds => Civil(seconds).Year,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly record struct Date(long Year, int Month, int Day);

    /// <summary>Truncated towards zero; what no int64 holds (NaN, infinities) becomes its minimum, as on the peer's common platform.</summary>
    private static long Whole(double seconds) => double.IsNaN(seconds) || Math.Abs(seconds) >= 9.2233720368547758e18 ? long.MinValue : (long)seconds;

    private static long Days(double seconds) => (long)Math.Floor((decimal)Whole(seconds) / SecondsPerDay);

    private static long Modulo(long value, long divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }

    /// <summary>Days since the epoch to a date, counting in eras of 400 years that start on 1 March.</summary>
    private static Date Civil(double seconds)
    {
        var days = Days(seconds) + 719468;
        var era = (days >= 0 ? days : days - 146096) / 146097;
        var dayOfEra = days - (era * 146097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return new Date(yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    private static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static int DaysInMonth(Date date) => date.Month switch
    {
        2 => IsLeap(date.Year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static int DayOfYear(Date date)
    {
        var days = date.Day;
        for (var month = 1; month < date.Month; month++)
            days += DaysInMonth(date with { Month = month });
        return days;
    }
}
