using System.Globalization;
using System.Numerics;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Printing;

/// <summary>Floats by Go's verbs with a precision (strconv.FormatFloat): exact digits, ties to even; -1 asks for the shortest digits that read back the same.</summary>
internal static class GoFloatFormat
{
    private const int ShortestG = 6;
    private const int ProbeDigits = 30;

    // A double has at most this many significant decimal digits.
    private const int AllDigits = 770;

    public static string Format(double value, char verb, int precision)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var sign = double.IsNegative(value) ? "-" : "";
        var magnitude = Math.Abs(value);
        return sign + verb switch
        {
            'e' => Exponent(magnitude, precision, 'e'),
            'E' => Exponent(magnitude, precision, 'E'),
            'f' or 'F' => Fixed(magnitude, precision),
            'g' => General(magnitude, precision, 'e'),
            'G' => General(magnitude, precision, 'E'),
            'b' => Binary(magnitude),
            'x' => Hex(magnitude, precision),
            _ => Hex(magnitude, precision).ToUpperInvariant(),
        };
    }

    private static string Exponent(double value, int precision, char e)
    {
        var (digits, exponent) = precision < 0 ? Shortest(value) : Rounded(value, precision + 1);
        return Scientific(precision < 0 ? digits : digits.PadRight(precision + 1, '0'), exponent, e);
    }

    private static string Fixed(double value, int precision)
    {
        if (precision < 0)
            return GoFloat.FormatF(value);
        var (_, exponent) = Shortest(value);
        var (digits, power) = Rounded(value, Math.Max(exponent + 1 + precision, 0));
        return Plain(digits, power, precision);
    }

    private static string General(double value, int precision, char e)
    {
        if (precision == 0)
            precision = 1;
        var (digits, exponent) = precision < 0 ? Shortest(value) : Rounded(value, precision);
        digits = digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        // With a precision to spare, whole numbers keep plain digits only as far as they have some.
        var limit = precision < 0 ? ShortestG : precision > digits.Length && digits.Length >= exponent + 1 ? digits.Length : precision;
        return exponent < -4 || exponent >= limit ? Scientific(digits, exponent, e) : Plain(digits, exponent, Math.Max(digits.Length - exponent - 1, 0));
    }

    private static string Scientific(string digits, int exponent, char e)
    {
        var text = new StringBuilder().Append(digits[0]);
        if (digits.Length > 1)
            text.Append('.').Append(digits.AsSpan(1));
        return text.Append(e).Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    private static string Plain(string digits, int exponent, int decimals)
    {
        var text = new StringBuilder();
        for (var place = Math.Max(exponent, 0); place >= -decimals; place--)
        {
            if (place == -1)
                text.Append('.');
            var index = exponent - place;
            text.Append(index >= 0 && index < digits.Length ? digits[index] : '0');
        }
        return text.ToString();
    }

    /// <summary>The shortest digits and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Shortest(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = new string([.. shortest.TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
        if (digits.Length == 0)
            return ("0", 0);
        // 9.9999999999999999 rounds up in sixteen digits; the shortest form's own exponent is right.
        var exponent = ExponentOf(text);
        if (text[0] == '1' && digits[0] == '9')
            exponent--;
        return (digits, exponent);
    }

    /// <summary>A number of significant digits, ties to even, and the power of ten of the first; with zero digits the value rounds to 0 or to one unit above.</summary>
    private static (string Digits, int Exponent) Rounded(double value, int count)
    {
        if (value == 0)
            return ("0", 0);
        var text = value.ToString("E" + (count + ProbeDigits).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var exponent = ExponentOf(text);
        var digits = Digits(text);
        var tail = digits.AsSpan(count);
        // What looks like a tie, or lies just under one, is decided by all the digits there are.
        if (tail[0] is '4' or '5' && tail[1..].IndexOfAnyExcept(tail[0] == '5' ? '0' : '9') < 0)
        {
            text = value.ToString("E" + AllDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            exponent = ExponentOf(text);
            digits = Digits(text).PadRight(count + 2, '0');
            tail = digits.AsSpan(count);
        }
        var above = tail[0] > '5' || (tail[0] == '5' && tail[1..].ContainsAnyExcept('0'));
        var tie = tail[0] == '5' && !above;
        var up = above || (tie && count > 0 && (digits[count - 1] - '0') % 2 == 1);
        var kept = digits[..count];
        if (!up)
            return (count == 0 ? "0" : kept, exponent);
        var raised = (BigInteger.Parse("0" + kept, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return raised.Length > count ? (raised, exponent + 1) : (raised.PadLeft(count, '0'), exponent);
    }

    private static string Digits(string text) => text[0] + text[2..text.IndexOf('E', StringComparison.Ordinal)];

    private static int ExponentOf(string text) => int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>4503599627370496p-52: the mantissa as an integer and the power of two.</summary>
    private static string Binary(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var power = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (power == 0 ? 0 : 1L << 52);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}p{Math.Max(power, 1) - 1075:+0;-0;+0}");
    }

    /// <summary>0x1.8p+01.</summary>
    private static string Hex(double value, int precision)
    {
        if (value == 0)
            return "0x0" + (precision > 0 ? "." + new string('0', precision) : "") + "p+00";
        var bits = BitConverter.DoubleToInt64Bits(value);
        var power = (int)((bits >> 52) & 0x7FF);
        var mantissa = (UInt128)((bits & ((1L << 52) - 1)) | (power == 0 ? 0 : 1L << 52));
        var exponent = Math.Max(power, 1) - 1023;
        while (mantissa < 1UL << 52)
        {
            mantissa <<= 1;
            exponent--;
        }
        if (precision is >= 0 and < 13)
        {
            var dropped = 52 - (precision * 4);
            var rest = mantissa & ((UInt128.One << dropped) - 1);
            var half = UInt128.One << (dropped - 1);
            mantissa >>= dropped;
            if (rest > half || (rest == half && (mantissa & 1) == 1))
                mantissa++;
            mantissa <<= dropped;
            if (mantissa >= 1UL << 53)
            {
                mantissa >>= 1;
                exponent++;
            }
        }
        var fraction = ((ulong)mantissa & ((1UL << 52) - 1)).ToString("x13", CultureInfo.InvariantCulture);
        fraction = precision < 0 ? fraction.TrimEnd('0') : fraction.PadRight(precision, '0')[..precision];
        return string.Create(CultureInfo.InvariantCulture, $"0x1{(fraction.Length > 0 ? "." + fraction : "")}p{exponent:+00;-00;+00}");
    }
}
