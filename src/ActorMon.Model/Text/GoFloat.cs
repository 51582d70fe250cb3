using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>
/// Floats as the peers write them: the shortest digits that read back to the same bits, laid out by Go's rules ('f', 'e' with at least two exponent digits,
/// 'g'). NaN, +Inf and -Inf by name; negative zero keeps its sign. Reading is in <see cref="GoFloatParser"/>.
/// </summary>
public static class GoFloat
{
    /// <summary>Bytes that hold every output.</summary>
    public const int MaxLength = 32;

    private const int MaxDigits = 24;
    private const int MaxPlainLength = 352;
    private const double FirstGExponent = 1e6;
    private const double FirstApiExponent = 1e21;
    private const double LeastApiPlain = 1e-6;
    private const double MaxFastInteger = 1e15;

    /// <summary>The HTTP API's form: 'f', but 'e' when the magnitude is below 1e-6 or from 1e21 on (Prometheus' jsonutil). Returns the bytes written.</summary>
    /// <param name="value">Any float.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int FormatApi(double value, Span<byte> to)
    {
        if (TryFormatInteger(value, MaxFastInteger, to, out var written))
            return written;
        var magnitude = Math.Abs(value);
        return Format(value, magnitude is < LeastApiPlain or >= FirstApiExponent, to);
    }

    /// <summary>Go's 'g' with shortest precision, the text exposition format's form: 'e' for exponents below -4 and from 6 on. Returns the bytes written.</summary>
    /// <param name="value">Any float.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int FormatG(double value, Span<byte> to) =>
        TryFormatInteger(value, FirstGExponent, to, out var written) ? written : Format(value, null, to);

    /// <summary>The OpenMetrics form: as <see cref="FormatG(double, Span{byte})"/>, but whole numbers end in ".0". Returns the bytes written.</summary>
    /// <param name="value">Any float.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int FormatOpenMetrics(double value, Span<byte> to)
    {
        var written = FormatG(value, to);
        if (!double.IsFinite(value) || to[..written].ContainsAny((byte)'.', (byte)'e'))
            return written;
        to[written++] = (byte)'.';
        to[written++] = (byte)'0';
        return written;
    }

    public static string FormatApi(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..FormatApi(value, text)]);
    }

    public static string FormatG(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..FormatG(value, text)]);
    }

    /// <summary>Go's 'f' with shortest precision: never an exponent, up to 327 characters.</summary>
    public static string FormatF(double value)
    {
        Span<byte> text = stackalloc byte[MaxPlainLength];
        return Encoding.ASCII.GetString(text[..Format(value, false, text)]);
    }

    /// <summary>Go's 'e' with shortest precision: always an exponent of two digits at least.</summary>
    public static string FormatE(double value)
    {
        if (value == 0)
            return double.IsNegative(value) ? "-0e+00" : "0e+00";
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Format(value, true, text)]);
    }

    public static string FormatOpenMetrics(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..FormatOpenMetrics(value, text)]);
    }

    /// <summary>Most values of counters and gauges are whole: their digits need no float algorithm.</summary>
    private static bool TryFormatInteger(double value, double limit, Span<byte> to, out int written)
    {
        written = 0;
        if (!(Math.Abs(value) < limit))
            return false;
        var whole = (long)value;
        // Negative zero would lose its sign.
        return whole == value && (whole != 0 || !double.IsNegative(value)) && Utf8Formatter.TryFormat(whole, to, out written);
    }

    /// <param name="exponent">Whether to write an exponent; null: by the rule of 'g'.</param>
    private static int Format(double value, bool? exponent, Span<byte> to)
    {
        if (!double.IsFinite(value))
        {
            var name = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
            name.CopyTo(to);
            return name.Length;
        }
        var at = 0;
        if (double.IsNegative(value))
            to[at++] = (byte)'-';
        if (value == 0)
        {
            to[at++] = (byte)'0';
            return at;
        }
        Span<byte> digits = stackalloc byte[MaxDigits];
        var count = ShortestDigits(Math.Abs(value), digits, out var point);
        digits = digits[..count];
        var useExponent = exponent ?? (point - 1 is < -4 or >= 6);
        return at + (useExponent ? WriteExponent(digits, point - 1, to[at..]) : WritePlain(digits, point, to[at..]));
    }

    /// <summary>The shortest digits, no zero at either end, and the place of the decimal point among them: 0.d1d2... times 10^point.</summary>
    private static int ShortestDigits(double magnitude, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        // The platform's shortest form puts its point freely; only the digits and the exponent are taken from it.
        magnitude.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        var mantissa = text[..length];
        var exponent = 0;
        var mark = mantissa.IndexOf((byte)'E');
        if (mark >= 0)
        {
            exponent = int.Parse(mantissa[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..mark];
        }
        var count = 0;
        point = exponent;
        var afterPoint = false;
        foreach (var c in mantissa)
        {
            if (c == '.')
            {
                afterPoint = true;
                continue;
            }
            if (count > 0 || c != '0')
                digits[count++] = c;
            // Leading zeros behind the point move it; digits before the point push it.
            if (!afterPoint && count > 0)
                point++;
            else if (afterPoint && count == 0)
                point--;
        }
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return count;
    }

    private static int WriteExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        var at = 0;
        to[at++] = digits[0];
        if (digits.Length > 1)
        {
            to[at++] = (byte)'.';
            digits[1..].CopyTo(to[at..]);
            at += digits.Length - 1;
        }
        to[at++] = (byte)'e';
        to[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        exponent = Math.Abs(exponent);
        if (exponent < 10)
            to[at++] = (byte)'0';
        Utf8Formatter.TryFormat(exponent, to[at..], out var written);
        return at + written;
    }

    private static int WritePlain(ReadOnlySpan<byte> digits, int point, Span<byte> to)
    {
        var at = 0;
        if (point <= 0)
        {
            to[at++] = (byte)'0';
            to[at++] = (byte)'.';
            to.Slice(at, -point).Fill((byte)'0');
            at += -point;
            digits.CopyTo(to[at..]);
            return at + digits.Length;
        }
        var whole = Math.Min(point, digits.Length);
        digits[..whole].CopyTo(to);
        at = whole;
        if (point > digits.Length)
        {
            to.Slice(at, point - digits.Length).Fill((byte)'0');
            return point;
        }
        if (digits.Length == point)
            return at;
        to[at++] = (byte)'.';
        digits[whole..].CopyTo(to[at..]);
        return at + digits.Length - whole;
    }
}
