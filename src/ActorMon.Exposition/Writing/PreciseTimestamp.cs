using System.Globalization;

namespace ActorMon.Exposition.Writing;

/// <summary>A moment as google.protobuf.Timestamp has it: seconds since the epoch and the nanoseconds after them, which count forward before 1970 too.</summary>
public readonly record struct PreciseTimestamp(long Seconds, int Nanos)
{
    private const int NanosPerSecond = 1_000_000_000;
    private const int NanosPerMillisecond = 1_000_000;
    private const int NanoDigits = 9;
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    public static PreciseTimestamp FromMilliseconds(long milliseconds)
    {
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        return rest < 0 ? new(seconds - 1, (int)(rest + 1000) * NanosPerMillisecond) : new(seconds, (int)rest * NanosPerMillisecond);
    }

    /// <summary>What is wrong with it, as protobuf says it; null when it lies in the years 1 to 9999 with 0 to 999,999,999 nanoseconds.</summary>
    internal string? Problem => this switch
    {
        { Seconds: < FirstSecond } => $"timestamp ({this}) before 0001-01-01",
        { Seconds: > LastSecond } => $"timestamp ({this}) after 9999-12-31",
        { Nanos: < 0 or >= NanosPerSecond } => $"timestamp ({this}) has out-of-range nanos",
        _ => null,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seconds:{Seconds} nanos:{Nanos}");

    /// <summary>Writes seconds as a decimal number without an exponent, no more fraction digits than it takes.</summary>
    internal void Write(LineWriter line)
    {
        var (seconds, nanos) = (Seconds, Nanos);
        if (seconds < 0 && nanos > 0)
        {
            // A decimal number's fraction counts away from zero.
            (seconds, nanos) = (seconds + 1, NanosPerSecond - nanos);
            if (seconds == 0)
                line.Byte((byte)'-');
        }
        Span<char> digits = stackalloc char[24];
        seconds.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        line.Text(digits[..written]);
        if (nanos == 0)
            return;
        line.Byte((byte)'.');
        nanos.TryFormat(digits, out _, "D9", CultureInfo.InvariantCulture);
        line.Text(digits[..NanoDigits].TrimEnd('0'));
    }
}
