using System.Globalization;
using System.Runtime.CompilerServices;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Numbers;

/// <summary>Why a float was refused, in the terms of Go's strconv.</summary>
internal enum FloatFault : byte
{
    None,
    Syntax,
    Range,
    UnsupportedCharacter,
}

/// <summary>The floats of the exposition formats: what Go reads, without hexadecimal and underscores; and why one was refused.</summary>
internal static class FloatReader
{
    public static FloatFault Read(ReadOnlySpan<byte> text, out double value)
    {
        var isFloat = GoFloatParser.TryParse(text, out value);
        // A hexadecimal float has its x behind the zero and perhaps a sign; looking only there spares a search per value.
        var mayBeHex = text.Length > 2 && ((text[1] | 0x20) == 'x' || (text[2] | 0x20) == 'x');
        return isFloat && !mayBeHex ? FloatFault.None : Explain(text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FloatFault Explain(ReadOnlySpan<byte> text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (text.IndexOfAny((byte)'p', (byte)'P', (byte)'_') >= 0)
            return FloatFault.UnsupportedCharacter;
        var isDecimal = text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 && double.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value);
        return isDecimal ? FloatFault.Range : FloatFault.Syntax;
    }
}
