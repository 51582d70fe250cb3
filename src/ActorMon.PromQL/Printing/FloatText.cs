using System.Globalization;

namespace ActorMon.PromQL.Printing;

/// <summary>Floats as text, the fewest digits that give the same float back (Go's strconv.FormatFloat with precision -1).</summary>
public static class FloatText
{
    /// <summary>Never an exponent: 1e6 is "1000000" (format 'f').</summary>
    public static string Plain(double value) => TrySpecial(value) ?? WithoutExponent(value);

    private static string? TrySpecial(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        return null;
    }

    private static string WithoutExponent(double value)
    {
        var (sign, digits, exponent) = Split(value);
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1)
            return sign + digits + new string('0', exponent + 1 - digits.Length);
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>The shortest digits and the power of ten of the first one.</summary>
    private static (string Sign, string Digits, int Exponent) Split(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
            return (sign, "0", 0);
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (sign, digits.TrimEnd('0'), exponent + whole - 1 - (all.Length - digits.Length));
    }
}
