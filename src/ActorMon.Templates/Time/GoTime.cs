namespace ActorMon.Templates.Time;

/// <summary>An instant with nanoseconds and a zone to show it in, as Go's time.Time. Any year; zones' rules hold for the years 1 to 9999.</summary>
/// <param name="UnixSeconds">Whole seconds since the epoch.</param>
/// <param name="Nanoseconds">0 to 999,999,999 on top of them.</param>
/// <param name="Zone">Where it is shown.</param>
public readonly record struct GoTime(long UnixSeconds, int Nanoseconds, GoZone Zone) : IComparable<GoTime>
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsPerDay = 86_400;
    private const long YearOneUnix = -62_135_596_800;

    /// <summary>January 1 of year 1, UTC: Go's zero time.</summary>
    public static readonly GoTime Zero = new(YearOneUnix, 0, GoZone.Utc);

    public static GoTime FromUnix(long seconds, long nanoseconds)
    {
        var whole = Math.DivRem(nanoseconds, NanosecondsPerSecond, out var rest);
        return rest < 0 ? new(seconds + whole - 1, (int)(rest + NanosecondsPerSecond), GoZone.Utc) : new(seconds + whole, (int)rest, GoZone.Utc);
    }

    public static GoTime FromMilliseconds(long milliseconds) => FromUnix(0, 0).AddParts(Math.DivRem(milliseconds, 1000, out var rest), rest * 1_000_000);

    /// <summary>An instant with .NET's resolution of 100 ns, in UTC.</summary>
    public static GoTime From(DateTimeOffset time) => FromUnix(0, 0).AddParts(Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerSecond, out var rest), rest * 100);

    /// <summary>From a date and time of day as shown at an offset; months and days beyond their range carry over.</summary>
    public static GoTime FromCivil(long year, int month, int day, int hour, int minute, int second, int nanoseconds, GoZone zone)
    {
        var months = (year * 12) + month - 1;
        year = Math.DivRem(months, 12, out var index);
        if (index < 0)
        {
            index += 12;
            year--;
        }
        var seconds = ((DaysFromCivil(year, (int)index + 1, 1) + day - 1) * SecondsPerDay) + (hour * 3600L) + (minute * 60L) + second;
        return new GoTime(seconds - zone.OffsetAtLocal(seconds), nanoseconds, zone);
    }

    public bool IsZero => UnixSeconds == YearOneUnix && Nanoseconds == 0;

    /// <summary>Year, month and day as shown in the zone.</summary>
    public (long Year, int Month, int Day) Date => CivilFromDays(FloorDivide(LocalSeconds, SecondsPerDay));

    /// <summary>Seconds since midnight as shown in the zone.</summary>
    public int SecondOfDay => (int)(LocalSeconds - (FloorDivide(LocalSeconds, SecondsPerDay) * SecondsPerDay));

    /// <summary>0 is Sunday.</summary>
    public int Weekday => (int)((((FloorDivide(LocalSeconds, SecondsPerDay) + 4) % 7) + 7) % 7);

    /// <summary>1 on January 1.</summary>
    public int DayOfYear => (int)(FloorDivide(LocalSeconds, SecondsPerDay) - DaysFromCivil(Date.Year, 1, 1)) + 1;

    public int OffsetSeconds => Zone.OffsetAt(UnixSeconds);

    public Int128 UnixNanoseconds => ((Int128)UnixSeconds * NanosecondsPerSecond) + Nanoseconds;

    public GoTime Add(long nanoseconds) => AddParts(0, nanoseconds);

    public GoTime In(GoZone zone) => this with { Zone = zone };

    /// <summary>The time between two instants in nanoseconds, at most what a long holds.</summary>
    public long Since(GoTime earlier) => (long)Int128.Clamp(UnixNanoseconds - earlier.UnixNanoseconds, long.MinValue, long.MaxValue);

    public int CompareTo(GoTime other) => UnixNanoseconds.CompareTo(other.UnixNanoseconds);

    /// <summary>Go's String: date, time with its fraction, offset and the zone's abbreviation.</summary>
    public override string ToString() => GoTimeLayout.Format(this, "2006-01-02 15:04:05.999999999 -0700 MST");

    private long LocalSeconds => UnixSeconds + OffsetSeconds;

    private GoTime AddParts(long seconds, long nanoseconds)
    {
        var sum = FromUnix(UnixSeconds + seconds, Nanoseconds + (nanoseconds % NanosecondsPerSecond));
        return sum with { UnixSeconds = sum.UnixSeconds + (nanoseconds / NanosecondsPerSecond), Zone = Zone };
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    /// <summary>Days since the epoch, by the Gregorian calendar in both directions.</summary>
    private static long DaysFromCivil(long year, int month, int day)
    {
        if (month <= 2)
            year--;
        var era = FloorDivide(year, 400);
        var yearOfEra = year - (era * 400);
        // Years begin in March here, so that the leap day is the last.
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    private static (long Year, int Month, int Day) CivilFromDays(long days)
    {
        days += 719_468;
        var era = FloorDivide(days, 146_097);
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }
}
