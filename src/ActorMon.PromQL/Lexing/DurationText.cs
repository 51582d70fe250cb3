using System.Globalization;
using System.Text;
using ActorMon.PromQL.Printing;

namespace ActorMon.PromQL.Lexing;

/// <summary>Durations as text: "1h30m", units y w d h m s ms from large to small, each at most once, whole numbers (Prometheus' model.Duration).</summary>
public static class DurationText
{
    private const long Millisecond = 1_000_000;

    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000 * Millisecond),
        ("w", 7L * 24 * 3600 * 1000 * Millisecond),
        ("d", 24L * 3600 * 1000 * Millisecond),
        ("h", 3600L * 1000 * Millisecond),
        ("m", 60L * 1000 * Millisecond),
        ("s", 1000 * Millisecond),
        ("ms", Millisecond),
    ];

    /// <summary>Nanoseconds of the text, or false and the error's text.</summary>
    public static bool TryParse(string text, out long nanoseconds, out string error)
    {
        nanoseconds = 0;
        error = "";
        if (text == "0")
            return true;
        if (text.Length == 0)
        {
            error = "empty duration string";
            return false;
        }
        ulong sum = 0;
        var at = 0;
        var firstUnit = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            var unitStart = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]))
                at++;
            if (unitStart == digits || at == unitStart || !ulong.TryParse(text.AsSpan(digits, unitStart - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                error = NotValid(text);
                return false;
            }
            var name = text[unitStart..at];
            var unit = Array.FindIndex(Units, u => u.Name == name);
            if (unit < 0)
            {
                error = $"unknown unit {GoQuote.String(name)} in duration {GoQuote.String(text)}";
                return false;
            }
            if (unit < firstUnit)
            {
                error = NotValid(text);
                return false;
            }
            firstUnit = unit + 1;
            var size = (ulong)Units[unit].Nanoseconds;
            if (count > (1UL << 63) / size || (sum += count * size) > long.MaxValue)
            {
                error = "duration out of range";
                return false;
            }
        }
        nanoseconds = (long)sum;
        return true;
    }

    /// <summary>The duration in its canonical form: 90000 is "1m30s", 0 is "0s"; weeks and years only when they fit exactly.</summary>
    public static string Format(long milliseconds)
    {
        if (milliseconds == 0)
            return "0s";
        var text = new StringBuilder();
        var rest = (ulong)Math.Abs((decimal)milliseconds);
        if (milliseconds < 0)
            text.Append('-');
        foreach (var (name, nanoseconds) in Units)
        {
            var size = (ulong)(nanoseconds / Millisecond);
            var count = rest / size;
            // 400 days are "400d", not "1y35d": the two large units are used only for the whole of it.
            if (count == 0 || (name is "y" or "w" && rest % size != 0))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{count}{name}");
            rest %= size;
        }
        return text.ToString();
    }

    private static string NotValid(string text) => $"not a valid duration string: {GoQuote.String(text)}";
}
