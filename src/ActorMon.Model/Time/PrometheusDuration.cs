using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Model.Time;

/// <summary>
/// Durations as the peers write them: <c>1h30m</c>, units y w d h m s ms once each and in this order, days of 24 h, weeks of 7 d, years of 365 d, or <c>0</c>.
/// Range 0 to 2^63-1 ns (about 292 years); the resolution is a millisecond (Prometheus' model.Duration).
/// </summary>
public static class PrometheusDuration
{
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private static readonly (string Unit, long Milliseconds, bool OnlyWhole)[] Units =
    [
        // Years and weeks are written only when nothing remains: 90d reads easier than 12w6d.
        ("y", 365L * 24 * 3600 * 1000, true),
        ("w", 7L * 24 * 3600 * 1000, true),
        ("d", 24L * 3600 * 1000, false),
        ("h", 3600L * 1000, false),
        ("m", 60L * 1000, false),
        ("s", 1000, false),
        ("ms", 1, false),
    ];

    /// <exception cref="FormatException">Not a duration; the message is the peer's.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out var value, out var error) ? value : throw new FormatException(error);

    /// <param name="error">The peer's text when false, "" otherwise.</param>
    public static bool TryParse(string text, out TimeSpan value, out string error)
    {
        value = default;
        error = "";
        if (text == "0")
            return true;
        if (text.Length == 0)
        {
            error = "empty duration string";
            return false;
        }
        UInt128 total = 0;
        var lastUnit = -1;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                error = NotValid(text);
                return false;
            }
            rest = rest[digits..];
            var unitEnd = rest.IndexOfAnyInRange('0', '9');
            var unitName = unitEnd < 0 ? rest : rest[..unitEnd];
            rest = rest[unitName.Length..];
            var unit = UnitOf(unitName);
            if (unit < 0)
            {
                error = $"unknown unit {GoQuote.Quote(unitName.ToString())} in duration {GoQuote.Quote(text)}";
                return false;
            }
            if (unit <= lastUnit)
            {
                error = NotValid(text);
                return false;
            }
            lastUnit = unit;
            total += (UInt128)number * (ulong)Units[unit].Milliseconds * NanosecondsPerMillisecond;
            if (total > long.MaxValue)
            {
                error = "duration out of range";
                return false;
            }
        }
        value = TimeSpan.FromTicks((long)(total / TimeSpan.NanosecondsPerTick));
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, a minus sign in front allowed.</summary>
    public static bool TryParseAllowNegative(string text, out TimeSpan value, out string error)
    {
        if (!text.StartsWith('-'))
            return TryParse(text, out value, out error);
        var parsed = TryParse(text[1..], out value, out error);
        value = -value;
        return parsed;
    }

    /// <summary>The canonical text: <c>1h30m</c>, <c>0s</c>, <c>-5m</c>; anything below a millisecond is dropped.</summary>
    public static string Format(TimeSpan value)
    {
        var milliseconds = value.Ticks / TimeSpan.TicksPerMillisecond;
        if (milliseconds == 0)
            return "0s";
        var text = new StringBuilder();
        if (milliseconds < 0)
        {
            text.Append('-');
            milliseconds = -milliseconds;
        }
        foreach (var (unit, size, onlyWhole) in Units)
        {
            var count = milliseconds / size;
            if (count == 0 || (onlyWhole && milliseconds % size != 0))
                continue;
            text.Append(count).Append(unit);
            milliseconds -= count * size;
        }
        return text.ToString();
    }

    private static int UnitOf(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Units.Length; i++)
            if (name.SequenceEqual(Units[i].Unit))
                return i;
        return -1;
    }

    private static string NotValid(string text) => $"not a valid duration string: {GoQuote.Quote(text)}";
}
