using System.Runtime.CompilerServices;

namespace ActorMon.Model.Bytes;

/// <summary>
/// Doubles that are exactly n / 10^s for a small s and |n| &lt; 2^53: most gauges and every counter. The test is by bits, so what fits comes back bit-equal
/// (negative zero, NaN and infinities never fit). Only correctly rounded IEEE operations are used: every machine decides the same.
/// </summary>
public static class ScaledDecimal
{
    /// <summary>Greatest scale: three bits in the WAL's tokens.</summary>
    public const int MaxScale = 7;

    private const double Limit = 9007199254740992.0;
    private static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScale(double value, int scale, out long n)
    {
        var power = Powers[scale];
        var x = Math.Round(value * power);
        // Also false for NaN.
        if (!(Math.Abs(x) < Limit))
        {
            n = 0;
            return false;
        }
        n = (long)x;
        return BitConverter.DoubleToUInt64Bits(n / power) == BitConverter.DoubleToUInt64Bits(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Unscale(long n, int scale) => n / Powers[scale];

    public static double Power(int scale) => Powers[scale];

    /// <summary>The smallest scale from <paramref name="from"/> on that fits, or -1.</summary>
    public static int SmallestScale(double value, int from, out long n)
    {
        for (var scale = from; scale <= MaxScale; scale++)
            if (TryScale(value, scale, out n))
                return scale;
        n = 0;
        return -1;
    }
}
