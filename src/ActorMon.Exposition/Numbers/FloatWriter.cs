using System.Globalization;

namespace ActorMon.Exposition.Numbers;

/// <summary>Writes floats the way Go's strconv does with format 'g' and shortest precision, and with the trailing ".0" OpenMetrics wants.</summary>
internal static class FloatWriter
{
    /// <summary>No float takes more bytes than this.</summary>
    public const int MaxLength = 32;

    // Go decides with precision 6 when it writes the shortest form.
    private const int ExponentThreshold = 6;

    /// <summary>Go's FormatFloat(value, 'g', -1, 64): exponents below -4 and from 6 on as e-07, e+06.</summary>
    public static int Write(double value, Span<byte> into)
    {
        if (double.IsNaN(value))
            return Copy("NaN"u8, into);
        if (double.IsInfinity(value))
            return Copy(value > 0 ? "+Inf"u8 : "-Inf"u8, into);
        // The peers' writers know no negative zero.
        if (value == 0)
            return Copy("0"u8, into);
        if (value == Math.Floor(value) && Math.Abs(value) < 1e6)
        {
            ((long)value).TryFormat(into, out var length, default, CultureInfo.InvariantCulture);
            return length;
        }
        Span<byte> digits = stackalloc byte[MaxLength];
        var count = Shortest(value, digits, out var point);
        var at = 0;
        if (value < 0)
            into[at++] = (byte)'-';
        var exponent = point - 1;
        return exponent is < -4 or >= ExponentThreshold
            ? WriteExponent(digits[..count], exponent, into, at)
            : WritePlain(digits[..count], point, into, at);
    }

    /// <summary>The OpenMetrics form: as <see cref="Write"/>, but a number that looks like an integer gets ".0".</summary>
    public static int WriteOpenMetrics(double value, Span<byte> into)
    {
        var length = Write(value, into);
        if (!double.IsFinite(value) || into[..length].IndexOfAny((byte)'.', (byte)'e') >= 0)
            return length;
        into[length] = (byte)'.';
        into[length + 1] = (byte)'0';
        return length + 2;
    }

    public static string ToOpenMetrics(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..WriteOpenMetrics(value, text)]);
    }

    public static string ToText(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..Write(value, text)]);
    }

    /// <summary>The shortest digits that read back as the value, without point; <paramref name="point"/>: where the point stands from the left.</summary>
    private static int Shortest(double value, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        // "R" gives the shortest round-trip digits in either plain or exponent form; both are read back into digits and a point.
        Math.Abs(value).TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var count = 0;
        point = -1;
        var exponent = 0;
        for (var i = 0; i < length; i++)
        {
            if (text[i] == '.')
            {
                point = count;
            }
            else if (text[i] is (byte)'E' or (byte)'e')
            {
                exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                digits[count++] = text[i];
            }
        }
        if (point < 0)
            point = count;
        point += exponent;
        var leading = 0;
        while (leading < count - 1 && digits[leading] == '0')
            leading++;
        digits[leading..count].CopyTo(digits);
        count -= leading;
        point -= leading;
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return count;
    }

    private static int WriteExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> into, int at)
    {
        into[at++] = digits[0];
        if (digits.Length > 1)
        {
            into[at++] = (byte)'.';
            digits[1..].CopyTo(into[at..]);
            at += digits.Length - 1;
        }
        into[at++] = (byte)'e';
        into[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(exponent).TryFormat(into[at..], out var length, "00", CultureInfo.InvariantCulture);
        return at + length;
    }

    private static int WritePlain(ReadOnlySpan<byte> digits, int point, Span<byte> into, int at)
    {
        if (point <= 0)
        {
            into[at++] = (byte)'0';
            into[at++] = (byte)'.';
            into.Slice(at, -point).Fill((byte)'0');
            at += -point;
            digits.CopyTo(into[at..]);
            return at + digits.Length;
        }
        if (point >= digits.Length)
        {
            digits.CopyTo(into[at..]);
            into.Slice(at + digits.Length, point - digits.Length).Fill((byte)'0');
            return at + point;
        }
        digits[..point].CopyTo(into[at..]);
        into[at + point] = (byte)'.';
        digits[point..].CopyTo(into[(at + point + 1)..]);
        return at + digits.Length + 1;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> into)
    {
        text.CopyTo(into);
        return text.Length;
    }
}
