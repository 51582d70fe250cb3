using System.Globalization;
using System.Numerics;

namespace ActorMon.Model.Text;

/// <summary>
/// Reads floats as Go's strconv.ParseFloat does: decimal, hexadecimal with a p exponent, inf, +infinity, NaN in any case. Underscores, space and a sign before
/// NaN are refused, and so is a number too great for a double; one too small becomes zero.
/// </summary>
public static class GoFloatParser
{
    private const ulong MaxExactMantissa = 1UL << 53;
    private const int MaxFastDigits = 19;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads the whole text; false when it is no float.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        var at = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            at = 1;
        }

        // One pass over the digits; the number is mantissa times 10^exponent as long as no more digits come than a ulong holds.
        var mantissa = 0UL;
        var digits = 0;
        var significant = 0;
        var exponent = 0;
        var afterPoint = false;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                digits++;
                if (significant > 0 || digit != 0)
                    significant++;
                if (significant <= MaxFastDigits)
                    mantissa = (mantissa * 10) + digit;
                if (afterPoint)
                    exponent--;
            }
            else if (text[at] == '.' && !afterPoint)
            {
                afterPoint = true;
            }
            else
            {
                break;
            }
        }
        if (digits == 0 || (at < text.Length && (text[at] | 0x20) == 'x'))
            return TryParseUnusual(text, out value);
        if (at < text.Length && !TryParseExponent(text[at..], ref exponent))
        {
            value = 0;
            return false;
        }

        // Both factors are exact doubles, so one multiplication or division rounds correctly.
        if (significant <= MaxFastDigits && mantissa <= MaxExactMantissa && exponent is >= -22 and <= 22)
        {
            value = exponent < 0 ? mantissa / PowersOfTen[-exponent] : mantissa * PowersOfTen[exponent];
            if (negative)
                value = -value;
            return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
               && double.IsFinite(value);
    }

    /// <summary>As the other, of a string.</summary>
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        Span<byte> bytes = stackalloc byte[128];
        if (text.Length <= bytes.Length)
            return System.Text.Ascii.FromUtf16(text, bytes, out var written) == System.Buffers.OperationStatus.Done && TryParse(bytes[..written], out value);
        return System.Text.Ascii.IsValid(text) && TryParse(System.Text.Encoding.ASCII.GetBytes(text), out value);
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        if ((text[0] | 0x20) != 'e')
            return false;
        if (!TryParseSignedDigits(text[1..], out var given))
            return false;
        exponent += given;
        return true;
    }

    /// <summary>An exponent; beyond 100000 its digits no longer count, the result is zero or too great anyway.</summary>
    private static bool TryParseSignedDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (var digit in text)
            if (value < 100_000)
                value = (value * 10) + (digit - '0');
        if (negative)
            value = -value;
        return true;
    }

    private static bool TryParseUnusual(ReadOnlySpan<byte> text, out double value)
    {
        if (EqualsName(text, "nan"u8))
        {
            value = double.NaN;
            return true;
        }
        var negative = text.Length > 0 && text[0] == '-';
        var body = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        value = double.PositiveInfinity;
        var parsed = EqualsName(body, "inf"u8) || EqualsName(body, "infinity"u8)
                     || (body.Length > 2 && body[0] == '0' && (body[1] | 0x20) == 'x' && TryParseHex(body[2..], out value));
        if (!parsed)
            value = 0;
        else if (negative)
            value = -value;
        return parsed;
    }

    private static bool EqualsName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(text, name);

    /// <summary>Hex digits with a point among them and a p exponent, which must be there. Rounds to nearest, ties to even.</summary>
    private static bool TryParseHex(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var mark = text.IndexOfAny((byte)'p', (byte)'P');
        if (mark < 0 || !TryParseSignedDigits(text[(mark + 1)..], out var exponent))
            return false;
        var mantissa = 0UL;
        var digits = 0;
        var afterPoint = false;
        foreach (var c in text[..mark])
        {
            if (c == '.' && !afterPoint)
            {
                afterPoint = true;
                continue;
            }
            if (!char.IsAsciiHexDigit((char)c))
                return false;
            digits++;
            var digit = (ulong)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
            if (mantissa >> 58 == 0)
            {
                mantissa = (mantissa << 4) | digit;
                if (afterPoint)
                    exponent -= 4;
            }
            else
            {
                // What no longer fits only matters as "more than nothing" when rounding.
                mantissa |= digit == 0 ? 0UL : 1UL;
                if (!afterPoint)
                    exponent += 4;
            }
        }
        if (digits == 0)
            return false;
        value = Scale(mantissa, exponent);
        return double.IsFinite(value);
    }

    /// <summary>mantissa times 2^exponent, rounded once.</summary>
    private static double Scale(ulong mantissa, int exponent)
    {
        if (mantissa == 0)
            return 0;
        var length = 64 - BitOperations.LeadingZeroCount(mantissa);
        // The least exponent a bit may have, by precision or by the smallest subnormal: drop bits below it here, so that ScaleB is exact.
        var drop = Math.Max(length - 53, -1074 - exponent);
        if (drop > 0)
        {
            if (drop > 64)
                return 0;
            var kept = drop == 64 ? 0 : mantissa >> drop;
            var rest = drop == 64 ? mantissa : mantissa & ((1UL << drop) - 1);
            var half = 1UL << (drop - 1);
            if (rest > half || (rest == half && (kept & 1) == 1))
                kept++;
            mantissa = kept;
            exponent += drop;
        }
        return Math.ScaleB(mantissa, exponent);
    }
}
