using System.Globalization;
using System.Runtime.CompilerServices;

namespace ActorMon.Exposition.Numbers;

/// <summary>Why a float was refused, in the terms of Go's strconv.</summary>
internal enum FloatFault : byte
{
    None,
    Syntax,
    Range,
    UnsupportedCharacter,
}

/// <summary>
/// Reads the floats of the exposition formats from UTF-8: Go's ParseFloat without hex and underscores. Integers and decimals of up to 19 digits whose value is
/// exact in one IEEE operation take the fast path; everything else goes to the runtime's correctly rounding parser.
/// </summary>
internal static class FloatReader
{
    private const ulong MaxExactInteger = 1UL << 53;

    // Ten times this plus nine still fits an unsigned 64-bit integer.
    private const ulong MantissaLimit = (ulong.MaxValue - 9) / 10;

    // Beyond this an exponent decides the result alone, whatever the digits are.
    private const int ExponentLimit = 100_000;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    public static FloatFault Read(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.IsEmpty)
            return FloatFault.Syntax;
        var at = 0;
        var negative = text[0] == '-';
        if (negative || text[0] == '+')
            at++;
        ulong mantissa = 0;
        var exponent = 0;
        bool any = false, dot = false, exact = true;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                any = true;
                if (mantissa <= MantissaLimit)
                {
                    mantissa = mantissa * 10 + digit;
                    if (dot)
                        exponent--;
                }
                else
                {
                    exact = false;
                }
            }
            else if (text[at] == '.' && !dot)
            {
                dot = true;
            }
            else
            {
                break;
            }
        }
        if (!any)
            return ReadSpecial(text, out value);
        if (at < text.Length)
        {
            if (!TryReadExponent(text[at..], out var written))
                return Refuse(text);
            exponent += written;
        }
        if (exact && mantissa <= MaxExactInteger && exponent is >= -22 and <= 22)
        {
            double magnitude = mantissa;
            if (exponent < 0)
                magnitude /= PowersOfTen[-exponent];
            else if (exponent > 0)
                magnitude *= PowersOfTen[exponent];
            value = negative ? -magnitude : magnitude;
            return FloatFault.None;
        }
        return ReadSlow(text, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FloatFault ReadSlow(ReadOnlySpan<byte> text, out double value)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out value))
            return Refuse(text);
        return double.IsInfinity(value) ? FloatFault.Range : FloatFault.None;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text[0] is not ((byte)'e' or (byte)'E'))
            return false;
        text = text[1..];
        var negative = false;
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            text = text[1..];
        }
        if (text.IsEmpty)
            return false;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
                return false;
            if (exponent < ExponentLimit)
                exponent = exponent * 10 + (int)digit;
        }
        if (negative)
            exponent = -exponent;
        return true;
    }

    private static FloatFault ReadSpecial(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (EqualsIgnoreCase(text, "nan"u8))
            return FloatFault.None;
        var unsigned = text;
        var negative = text[0] == '-';
        if (negative || text[0] == '+')
            unsigned = text[1..];
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return EqualsIgnoreCase(unsigned, "inf"u8) || EqualsIgnoreCase(unsigned, "infinity"u8) ? FloatFault.None : Refuse(text);
    }

    private static FloatFault Refuse(ReadOnlySpan<byte> text) =>
        text.IndexOfAny((byte)'p', (byte)'P', (byte)'_') >= 0 ? FloatFault.UnsupportedCharacter : FloatFault.Syntax;

    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length != lower.Length)
            return false;
        for (var i = 0; i < text.Length; i++)
            if ((text[i] | 0x20) != lower[i])
                return false;
        return true;
    }
}
