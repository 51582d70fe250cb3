using System.Globalization;
using System.Text;

namespace ActorMon.PromQL.Results;

/// <summary>Numbers, strings and times as Go's fmt and strconv write them, for texts that must equal the peer's.</summary>
internal static class GoFormat
{
    /// <summary>%g: shortest form that reads back, exponent below 1e-4 and from 1e21 on; or with a number of significant digits.</summary>
    public static string General(double value, int significantDigits = -1)
    {
        if (Special(value) is { } special)
            return special;
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var text = (significantDigits < 0 ? value.ToString("E16", CultureInfo.InvariantCulture) : value.ToString($"E{significantDigits - 1}", CultureInfo.InvariantCulture));
        if (significantDigits < 0)
            text = ShortestScientific(value);
        var split = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = text[..split];
        if (mantissa.Contains('.', StringComparison.Ordinal))
            mantissa = mantissa.TrimEnd('0').TrimEnd('.');
        var upper = significantDigits < 0 ? 21 : Math.Max(significantDigits, 1);
        if (exponent < -4 || exponent >= upper)
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        return FromScientific(mantissa, exponent);
    }

    /// <summary>'f' with precision -1: shortest form that reads back, never an exponent.</summary>
    public static string Fixed(double value)
    {
        if (Special(value) is { } special)
            return special;
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var text = ShortestScientific(value);
        var split = text.IndexOf('E', StringComparison.Ordinal);
        return FromScientific(text[..split], int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    /// <summary>%f: six decimals.</summary>
    public static string SixDecimals(double value) => Special(value) ?? value.ToString("F6", CultureInfo.InvariantCulture);

    /// <summary>The number of an OpenMetrics label: %g, with ".0" when it would look like an integer.</summary>
    public static string OpenMetrics(double value)
    {
        if (Special(value) is { } special)
            return special;
        var text = General(value);
        return text.AsSpan().IndexOfAny('e', '.') >= 0 ? text : text + ".0";
    }

    /// <summary>%q.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\a': text.Append("\\a"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\v': text.Append("\\v"); break;
                case < ' ' or '\x7f': text.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)); break;
                case >= '\uDC80' and <= '\uDCFF' when i == 0 || !char.IsHighSurrogate(value[i - 1]):
                    text.Append("\\x").Append((c - 0xDC00).ToString("x2", CultureInfo.InvariantCulture));
                    break;
                default: text.Append(c); break;
            }
        }
        return text.Append('"').ToString();
    }

    public static string Rfc3339Seconds(long timeMs) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(timeMs / 1000, -62135596800, 253402300799)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    /// <summary>d.dddE+n with the fewest digits that read back.</summary>
    private static string ShortestScientific(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest[0] == '-' ? "-" : "";
        var digits = shortest.AsSpan(sign.Length);
        var exponent = 0;
        var e = digits.IndexOf('E');
        if (e >= 0)
        {
            exponent = int.Parse(digits[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            digits = digits[..e];
        }
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        var all = string.Concat(whole, fraction);
        var leading = all.AsSpan().IndexOfAnyExcept('0');
        exponent += whole.Length - 1 - leading;
        all = all[leading..].TrimEnd('0');
        return $"{sign}{all[0]}{(all.Length > 1 ? "." : "")}{all[1..]}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string FromScientific(string mantissa, int exponent)
    {
        var sign = mantissa[0] == '-' ? "-" : "";
        var digits = mantissa[sign.Length..].Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (exponent >= digits.Length - 1)
            return sign + digits + new string('0', exponent - digits.Length + 1);
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
