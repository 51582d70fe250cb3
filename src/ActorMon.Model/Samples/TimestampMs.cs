using System.Globalization;

namespace ActorMon.Model.Samples;

/// <summary>Milliseconds since the Unix epoch, signed; the unit of time of every stored sample.</summary>
public readonly record struct TimestampMs(long Value) : IComparable<TimestampMs>
{
    public static readonly TimestampMs Min = new(long.MinValue);
    public static readonly TimestampMs Max = new(long.MaxValue);

    public static TimestampMs From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(Value);

    public int CompareTo(TimestampMs other) => Value.CompareTo(other.Value);

    public static bool operator <(TimestampMs a, TimestampMs b) => a.Value < b.Value;
    public static bool operator >(TimestampMs a, TimestampMs b) => a.Value > b.Value;
    public static bool operator <=(TimestampMs a, TimestampMs b) => a.Value <= b.Value;
    public static bool operator >=(TimestampMs a, TimestampMs b) => a.Value >= b.Value;
    public static TimestampMs operator +(TimestampMs t, TimeSpan d) => new(t.Value + (long)d.TotalMilliseconds);
    public static TimestampMs operator -(TimestampMs t, TimeSpan d) => new(t.Value - (long)d.TotalMilliseconds);

    /// <summary>The time from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static TimeSpan operator -(TimestampMs a, TimestampMs b) => TimeSpan.FromTicks((a.Value - b.Value) * TimeSpan.TicksPerMillisecond);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
