using System.Numerics;

namespace ActorMon.Model.Histograms;

/// <summary>Bucket bounds of exponential and custom schemas (Prometheus' model/histogram).</summary>
public static class HistogramBounds
{
    private const int FixedBits = 256;

    // The peers' table is not the correctly rounded one: entry i of schema 8 lies this many last places, plus one, below it. Results must agree to the bit.
    private const string PeersDifference =
        "11111121112111111123112222222222112111211222112211221022112211221111112222332132112111211112111111121011213311221222112121332222"
        + "21212233223221222222223232333233112211212233213322332122323322322243223233433343333333444455435422322333324422333243223333543344";

    private static readonly BigInteger[] Roots = BuildRoots();

    // Entry i, a power of two apart for lower schemas: 2^(i / 2^8 - 1), in [0.5, 1).
    private static readonly double[] Fractions = BuildFractions();

    /// <summary>The upper bound of a positive bucket: base^index; the last finite bucket ends at the greatest double, the one after it at +Inf.</summary>
    /// <param name="index">The bucket's index.</param>
    /// <param name="schema">-4..8.</param>
    public static double Exponential(int index, int schema)
    {
        if (schema < 0)
        {
            var power = (long)index << -schema;
            return power == 1024 ? double.MaxValue : Math.ScaleB(1, (int)Math.Clamp(power, -4096, 4096));
        }
        var fraction = Fractions[(index & ((1 << schema) - 1)) << (NativeHistogram.MaxSchema - schema)];
        var exponent = (index >> schema) + 1;
        return fraction == 0.5 && exponent == 1025 ? double.MaxValue : Math.ScaleB(fraction, exponent);
    }

    /// <summary>The upper bound of bucket <paramref name="index"/> of custom buckets; -1: -Inf, the one after the last bound: +Inf.</summary>
    public static double Custom(int index, ReadOnlySpan<double> bounds) => index switch
    {
        -1 => double.NegativeInfinity,
        _ when index == bounds.Length => double.PositiveInfinity,
        _ => bounds[index],
    };

    /// <summary>The index of the bucket of a lower schema that holds bucket <paramref name="index"/> of a higher one.</summary>
    public static int IndexInSchema(int index, int fromSchema, int toSchema) => ((index - 1) >> (fromSchema - toSchema)) + 1;

    private static double[] BuildFractions()
    {
        var fractions = new double[1 << NativeHistogram.MaxSchema];
        for (var i = 0; i < fractions.Length; i++)
            fractions[i] = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(HalfPowerOfTwo(i)) - (PeersDifference[i] - '1'));
        return fractions;
    }

    /// <summary>2^(i / 2^8 - 1) in fixed point, rounded once: the product of 2^(1/2), 2^(1/4) ... over the bits of i.</summary>
    private static double HalfPowerOfTwo(int i)
    {
        var product = BigInteger.One << FixedBits;
        for (var bit = 0; bit < Roots.Length; bit++)
            if (((i >> (Roots.Length - 1 - bit)) & 1) == 1)
                product = (product * Roots[bit]) >> FixedBits;
        const int Shift = FixedBits - 52;
        var significand = (ulong)((product + (BigInteger.One << (Shift - 1))) >> Shift);
        return Math.ScaleB(significand, -53);
    }

    /// <summary>2^(1/2), 2^(1/4) ... 2^(1/256) in fixed point.</summary>
    private static BigInteger[] BuildRoots()
    {
        var roots = new BigInteger[NativeHistogram.MaxSchema];
        var previous = new BigInteger(2) << FixedBits;
        for (var i = 0; i < roots.Length; i++)
            roots[i] = previous = SquareRoot(previous << FixedBits);
        return roots;
    }

    private static BigInteger SquareRoot(BigInteger value)
    {
        var guess = BigInteger.One << (int)((value.GetBitLength() / 2) + 1);
        while (true)
        {
            var next = (guess + (value / guess)) >> 1;
            if (next >= guess)
                return guess;
            guess = next;
        }
    }
}
