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

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
