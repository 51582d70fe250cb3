using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// The decimal scales of a part's columns, by a code of three bits: 0 to 4, 6, 9 (nanoseconds as seconds) and 12 digits behind the point. What lies between takes the next
/// one: the common factor of the column gives the digits back. As <see cref="ScaledDecimal"/>, by bits and by correctly rounded operations alone.
/// </summary>
internal static class DecimalScale
{
    public const int Codes = 8;

    private const double Limit = 9007199254740992.0;
    private static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 1_000_000, 1_000_000_000, 1_000_000_000_000];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Power(int code) => Powers[code & (Codes - 1)];

    /// <summary>True when the value is n / 10^digits to the bit and |n| &lt; 2^53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScale(double value, int code, out long n)
    {
        var power = Powers[code];
        var x = code == 0 ? value : Math.Round(value * power);
        // Also false for NaN.
        if (!(Math.Abs(x) < Limit))
        {
            n = 0;
            return false;
        }
        n = (long)x;
        return BitConverter.DoubleToUInt64Bits(code == 0 ? n : n / power) == BitConverter.DoubleToUInt64Bits(value);
    }

    /// <summary>The smallest code from <paramref name="from"/> on that fits, or -1.</summary>
    public static int Smallest(double value, int from, out long n)
    {
        for (var code = from; code < Codes; code++)
            if (TryScale(value, code, out n))
                return code;
        n = 0;
        return -1;
    }
}
