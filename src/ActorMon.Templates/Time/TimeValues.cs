using ActorMon.Templates.Values;

namespace ActorMon.Templates.Time;

/// <summary>The values of Go's time package, with the methods templates use on them.</summary>
public static class TimeValues
{
    public static readonly TemplateType Duration = new("time.Duration", ValueKind.Int)
    {
        Text = static value => GoDurationText.Of(Nanoseconds(value)),
        Methods = Define.Methods(
            Define.Method("String", [], static (_, a) => GoDurationText.Of(Nanoseconds(a[0]))),
            Define.Method("Nanoseconds", [], static (_, a) => Nanoseconds(a[0])),
            Define.Method("Microseconds", [], static (_, a) => Nanoseconds(a[0]) / 1_000),
            Define.Method("Milliseconds", [], static (_, a) => Nanoseconds(a[0]) / 1_000_000),
            Define.Method("Seconds", [], static (_, a) => InUnits(a[0], 1_000_000_000)),
            Define.Method("Minutes", [], static (_, a) => InUnits(a[0], 60_000_000_000)),
            Define.Method("Hours", [], static (_, a) => InUnits(a[0], 3_600_000_000_000)),
            Define.Method("Abs", [], static (_, a) => OfNanoseconds(Nanoseconds(a[0]) is var d && d == long.MinValue ? long.MaxValue : Math.Abs(d))),
            Define.Method("Truncate", [DurationParameter], static (_, a) => OfNanoseconds(Truncate(Nanoseconds(a[0]), Nanoseconds(a[1])))),
            Define.Method("Round", [DurationParameter], static (_, a) => OfNanoseconds(Round(Nanoseconds(a[0]), Nanoseconds(a[1]))))),
    };

    private static readonly TemplateType Month = new("time.Month", ValueKind.Int)
    {
        Text = static value => GoTimeLayout.Months[(int)((IntValue)value).Value - 1],
        Methods = Define.Methods(Define.Method("String", [], static (_, a) => GoTimeLayout.Months[(int)((IntValue)a[0]).Value - 1])),
    };

    private static readonly TemplateType Weekday = new("time.Weekday", ValueKind.Int)
    {
        Text = static value => GoTimeLayout.Weekdays[(int)((IntValue)value).Value],
        Methods = Define.Methods(Define.Method("String", [], static (_, a) => GoTimeLayout.Weekdays[(int)((IntValue)a[0]).Value])),
    };

    private static readonly TemplateType Zone = new("*time.Location", ValueKind.Object)
    {
        Text = static value => ((OpaqueValue<GoZone>)value).Value.Name,
        Methods = Define.Methods(Define.Method("String", [], static (_, a) => ((OpaqueValue<GoZone>)a[0]).Value.Name)),
    };

    public static readonly TemplateType Time = new("time.Time", ValueKind.Object)
    {
        Text = static value => Instant(value).ToString(),
        Methods = Define.Methods(
            Define.Method("String", [], static (_, a) => Instant(a[0]).ToString()),
            Define.Method("Format", [TemplateType.String], static (_, a) => GoTimeLayout.Format(Instant(a[0]), Define.Text(a[1]))),
            Define.Method("Unix", [], static (_, a) => Instant(a[0]).UnixSeconds),
            Define.Method("UnixMilli", [], static (_, a) => (Instant(a[0]).UnixSeconds * 1_000) + (Instant(a[0]).Nanoseconds / 1_000_000)),
            Define.Method("UnixMicro", [], static (_, a) => (Instant(a[0]).UnixSeconds * 1_000_000) + (Instant(a[0]).Nanoseconds / 1_000)),
            Define.Method("UnixNano", [], static (_, a) => unchecked((long)Instant(a[0]).UnixNanoseconds)),
            Define.Method("Year", [], static (_, a) => Instant(a[0]).Date.Year),
            Define.Method("Month", [], static (_, a) => new IntValue(Instant(a[0]).Date.Month, Month)),
            Define.Method("Day", [], static (_, a) => (long)Instant(a[0]).Date.Day),
            Define.Method("YearDay", [], static (_, a) => (long)Instant(a[0]).DayOfYear),
            Define.Method("Weekday", [], static (_, a) => new IntValue(Instant(a[0]).Weekday, Weekday)),
            Define.Method("Hour", [], static (_, a) => (long)(Instant(a[0]).SecondOfDay / 3600)),
            Define.Method("Minute", [], static (_, a) => (long)(Instant(a[0]).SecondOfDay / 60 % 60)),
            Define.Method("Second", [], static (_, a) => (long)(Instant(a[0]).SecondOfDay % 60)),
            Define.Method("Nanosecond", [], static (_, a) => (long)Instant(a[0]).Nanoseconds),
            Define.Method("IsZero", [], static (_, a) => Instant(a[0]).IsZero),
            Define.Method("UTC", [], static (_, a) => Of(Instant(a[0]).In(GoZone.Utc))),
            Define.Method("Local", [], static (_, a) => Of(Instant(a[0]).In(GoZone.Utc))),
            Define.Method("Location", [], static (_, a) => new OpaqueValue<GoZone>(Instant(a[0]).Zone, Zone)),
            Define.Method("In", [Zone], static (_, a) => a[1] is OpaqueValue<GoZone> zone ? Of(Instant(a[0]).In(zone.Value)) : FunctionResult.Fail("time: missing Location in call to Time.In")),
            Define.Method("Add", [DurationParameter], static (_, a) => Of(Instant(a[0]).Add(Nanoseconds(a[1])))),
            Define.Method("AddDate", [TemplateType.Int, TemplateType.Int, TemplateType.Int], static (_, a) => AddDate(Instant(a[0]), Int(a[1]), Int(a[2]), Int(a[3]))),
            Define.Method("Sub", [TimeParameter], static (_, a) => OfNanoseconds(Instant(a[0]).Since(Instant(a[1])))),
            Define.Method("Before", [TimeParameter], static (_, a) => Instant(a[0]).CompareTo(Instant(a[1])) < 0),
            Define.Method("After", [TimeParameter], static (_, a) => Instant(a[0]).CompareTo(Instant(a[1])) > 0),
            Define.Method("Equal", [TimeParameter], static (_, a) => Instant(a[0]).CompareTo(Instant(a[1])) == 0),
            Define.Method("Compare", [TimeParameter], static (_, a) => (long)Instant(a[0]).CompareTo(Instant(a[1]))),
            Define.Method("Truncate", [DurationParameter], static (_, a) => Of(Multiple(Instant(a[0]), Nanoseconds(a[1]), rounds: false))),
            Define.Method("Round", [DurationParameter], static (_, a) => Of(Multiple(Instant(a[0]), Nanoseconds(a[1]), rounds: true)))),
    };

    // Parameters of the types' own methods: equal by name, made before the types themselves.
    private static TemplateType DurationParameter => new("time.Duration", ValueKind.Int);

    private static TemplateType TimeParameter => new("time.Time", ValueKind.Object);

    public static TemplateValue Of(GoTime time) => new OpaqueValue<GoTime>(time, Time);

    public static TemplateValue OfNanoseconds(long nanoseconds) => new IntValue(nanoseconds, Duration);

    /// <summary>The instant of a time value.</summary>
    public static GoTime Instant(TemplateValue value) => ((OpaqueValue<GoTime>)value).Value;

    private static long Nanoseconds(TemplateValue value) => ((IntValue)value).Value;

    private static int Int(TemplateValue value) => (int)Math.Clamp(((IntValue)value).Value, -1_000_000, 1_000_000);

    private static double InUnits(TemplateValue duration, long unit) => (Nanoseconds(duration) / unit) + ((double)(Nanoseconds(duration) % unit) / unit);

    private static long Truncate(long value, long unit) => unit <= 0 ? value : value - (value % unit);

    private static long Round(long value, long unit)
    {
        if (unit <= 0)
            return value;
        var rest = Int128.Abs((Int128)value % unit);
        var down = Int128.Abs(value) - rest;
        var magnitude = rest + rest < unit ? down : down + unit;
        return (long)Int128.Clamp(value < 0 ? -magnitude : magnitude, long.MinValue, long.MaxValue);
    }

    private static TemplateValue AddDate(GoTime time, int years, int months, int days)
    {
        var (year, month, day) = time.Date;
        var second = time.SecondOfDay;
        return Of(GoTime.FromCivil(year + years, month + months, day + days, second / 3600, second / 60 % 60, second % 60, time.Nanoseconds, time.Zone));
    }

    /// <summary>The multiple of a unit since year 1 at or before the instant, or the nearest.</summary>
    private static GoTime Multiple(GoTime time, long unit, bool rounds)
    {
        if (unit <= 0)
            return time;
        var rest = (long)((time.UnixNanoseconds - GoTime.Zero.UnixNanoseconds) % unit);
        if (rest < 0)
            rest += unit;
        return rounds && (Int128)rest * 2 >= unit ? time.Add(unit - rest) : time.Add(-rest);
    }
}
