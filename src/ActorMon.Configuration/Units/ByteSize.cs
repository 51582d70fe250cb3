using System.Globalization;
using System.Text;

namespace ActorMon.Configuration.Units;

/// <summary>
/// Byte sizes of configuration files: numbers with a unit B, KB ... EB or KiB ... EiB, always powers of 1024, several in a row add up (1GB512MB),
/// fractions allowed, "0" alone needs no unit (alecthomas/units Base2Bytes).
/// </summary>
public static class ByteSize
{
    private const string Prefixes = "KMGTPE";

    public static bool TryParse(string text, out long bytes, out string error)
    {
        bytes = 0;
        error = $"units: invalid {text}";
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (rest.Length > 0 && rest[0] is '-' or '+')
            rest = rest[1..];
        if (rest is "0")
        {
            error = "";
            return true;
        }
        if (rest.IsEmpty)
            return false;
        var total = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits < 0)
                digits = rest.Length;
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            if (letters < 0)
                letters = rest.Length;
            var unit = rest[..letters];
            if (!TryUnit(unit, out var scale))
            {
                error = $"units: unknown unit {unit} in {text}";
                return false;
            }
            total += number * scale;
            rest = rest[letters..];
        }
        if (total >= long.MaxValue)
            return false;
        bytes = (long)(negative ? -total : total);
        error = "";
        return true;
    }

    /// <summary>As the peers print it: 15MiB, 1KiB512B, 0.</summary>
    public static string Format(long bytes)
    {
        if (bytes == 0)
            return "0B";
        var text = new StringBuilder(bytes < 0 ? "-" : "");
        var rest = bytes < 0 ? (ulong)-(bytes + 1) + 1 : (ulong)bytes;
        for (var i = Prefixes.Length - 1; i >= 0; i--)
        {
            var scale = 1UL << (10 * (i + 1));
            if (rest / scale is > 0 and var count)
                text.Append(CultureInfo.InvariantCulture, $"{count}{Prefixes[i]}iB");
            rest %= scale;
        }
        if (rest > 0)
            text.Append(CultureInfo.InvariantCulture, $"{rest}B");
        return text.ToString();
    }

    private static bool TryUnit(ReadOnlySpan<char> unit, out double scale)
    {
        scale = 1;
        if (unit is "B")
            return true;
        var power = unit.Length > 1 ? Prefixes.IndexOf(unit[0]) : -1;
        if (power < 0 || unit[1..] is not ("B" or "iB"))
            return false;
        scale = Math.Pow(1024, power + 1);
        return true;
    }
}
