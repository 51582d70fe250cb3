using System.Globalization;
using System.Text;

namespace ActorMon.Configuration.Units;

/// <summary>
/// Durations of configuration files: <c>1y2w3d4h5m6s7ms</c>, units in this order, each at most once, whole numbers only, or <c>0</c>
/// (prometheus/common model.ParseDuration). A year has 365 days.
/// </summary>
public static class PeerDuration
{
    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000), ("h", 3600 * 1000), ("m", 60 * 1000), ("s", 1000), ("ms", 1),
    ];

    /// <summary>The largest duration the peers can hold: 2^63 ns.</summary>
    private const long MaxMilliseconds = long.MaxValue / 1_000_000;

    public static bool TryParse(string text, out TimeSpan duration, out string error)
    {
        duration = TimeSpan.Zero;
        error = "";
        if (text == "0")
            return true;
        if (text.Length == 0)
        {
            error = "empty duration string";
            return false;
        }
        Int128 total = 0;
        var at = 0;
        var unit = 0;
        while (at < text.Length)
        {
            var start = at;
            Int128 number = 0;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                number = Int128.Min(number * 10 + (text[at] - '0'), Int128.MaxValue / 1_000_000_000_000_000);
                at++;
            }
            var next = at == start ? -1 : UnitAt(text, at, unit);
            if (next < 0)
            {
                error = $"not a valid duration string: {GoText.Quote(text)}";
                return false;
            }
            total += number * Units[next].Milliseconds;
            at += Units[next].Unit.Length;
            unit = next + 1;
        }
        if (total > MaxMilliseconds)
        {
            error = "duration out of range";
            return false;
        }
        duration = TimeSpan.FromMilliseconds((long)total);
        return true;
    }

    /// <summary>The shortest way to write it: 90d stays days; years and weeks only when nothing is left over.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (rest == 0)
            return "0s";
        var text = new StringBuilder(rest < 0 ? "-" : "");
        rest = Math.Abs(rest);
        foreach (var (unit, milliseconds) in Units)
        {
            if (unit is "y" or "w" && rest % milliseconds != 0)
                continue;
            if (rest / milliseconds is > 0 and var count)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            rest %= milliseconds;
        }
        return text.ToString();
    }

    private static int UnitAt(string text, int at, int from)
    {
        // "ms" is looked for first: "m" is its prefix.
        for (var i = Units.Length - 1; i >= from; i--)
        {
            var unit = Units[i].Unit;
            if (string.CompareOrdinal(text, at, unit, 0, unit.Length) == 0)
                return i;
        }
        return -1;
    }
}
