using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Lexing;

/// <summary>Numbers of a query: Go's integers with base prefixes (0x, a leading 0 is octal) first, then decimal floats; "_" between digits.</summary>
public static class NumberText
{
    /// <summary>The value, or false and the error's text; on overflow the value is an infinity.</summary>
    public static bool TryParse(string text, out double value, out string error)
    {
        error = "";
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (TryParseInteger(digits, out var integer))
        {
            value = integer;
            return true;
        }
        if (text.Equals("inf", StringComparison.OrdinalIgnoreCase))
        {
            value = double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(digits, style, CultureInfo.InvariantCulture, out value))
        {
            error = $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: invalid syntax";
            return false;
        }
        if (double.IsInfinity(value))
        {
            error = $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: value out of range";
            return false;
        }
        return true;
    }

    private static bool TryParseInteger(string digits, out long value)
    {
        value = 0;
        var span = digits.AsSpan();
        if (span.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(span[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        if (span.Length < 2 || span[0] != '0')
            return long.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        foreach (var c in span)
        {
            if (c is < '0' or > '7' || value > long.MaxValue >> 3)
                return false;
            value = (value << 3) + (c - '0');
        }
        return true;
    }
}
