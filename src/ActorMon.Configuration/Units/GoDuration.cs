using System.Globalization;

namespace ActorMon.Configuration.Units;

/// <summary>Go's duration notation: signed decimals with units ns, us, ms, s, m, h, several in a row; a bare integer counts nanoseconds.</summary>
internal static class GoDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var nanoseconds))
        {
            duration = TimeSpan.FromTicks(nanoseconds / 100);
            return true;
        }
        var rest = text.AsSpan();
        var sign = rest.StartsWith("-") ? -1 : 1;
        if (rest.Length > 0 && rest[0] is '-' or '+')
            rest = rest[1..];
        if (rest.IsEmpty)
            return false;
        var total = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            var ticks = unit switch { "ns" => 0.01, "us" or "µs" => 10, "ms" => 1e4, "s" => 1e7, "m" => 6e8, "h" => 3.6e10, _ => 0 };
            if (ticks == 0)
                return false;
            total += number * ticks;
            rest = letters < 0 ? [] : rest[letters..];
        }
        if (total >= 9.2e18)
            return false;
        duration = TimeSpan.FromTicks(sign * (long)total);
        return true;
    }
}
