using System.Numerics;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// Sums of windows over one series without adding the windows up: running sums as 128-bit integers in units of the series' finest digit, exact, so that a window's
/// sum is one subtraction. Possible while all values are finite and lie within so few binary orders of magnitude that the compensated sum of any window is exact as
/// well: then both round the same number once, and the results are equal to the bit.
/// </summary>
internal sealed class ExactSums
{
    /// <summary>
    /// Bits from the finest digit of any value to the greatest sum. The compensation of Neumaier's sum collects errors below the sum's last place in a double: it
    /// stays exact while the digits below that place fit into 53 bits, and the count of samples takes up to 20 of them.
    /// </summary>
    private const int MaxBits = 53 + 53 - 20;
    private const int FractionBits = 52;
    private const int MaxSamples = 1 << 20;

    private Int128[] _running = [];
    private double _unit;

    /// <returns>False when the values cannot be summed this way.</returns>
    public bool TryPrepare(ReadOnlySpan<double> values)
    {
        if (values.Length is 0 or >= MaxSamples || !TryFindOrders(values, out var least, out var greatest))
            return false;
        // Ten bits of sums for a thousand samples: as many as the count has.
        if (greatest - least + FractionBits + 1 + BitOperations.Log2((uint)values.Length) + 1 > MaxBits || least is < -900 or > 800)
            return false;
        if (_running.Length <= values.Length)
            _running = new Int128[Math.Max(256, values.Length * 2)];
        Int128 sum = 0;
        _running[0] = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(values[i]);
            var order = (int)(bits >> FractionBits) & 0x7FF;
            if (order != 0)
            {
                var digits = (Int128)((bits & ((1L << FractionBits) - 1)) | (1L << FractionBits)) << (order - 1023 - FractionBits - least);
                sum += bits < 0 ? -digits : digits;
            }
            _running[i + 1] = sum;
        }
        _unit = Math.ScaleB(1, least);
        return true;
    }

    /// <summary>The sum of samples [first, limit): the nearest double, and what is left of the exact sum after it.</summary>
    public (double Sum, double Remainder) Of(int first, int limit)
    {
        var exact = _running[limit] - _running[first];
        var nearest = Nearest(exact);
        var rest = exact - (Int128)nearest;
        return (nearest * _unit, (double)(long)rest * _unit);
    }

    /// <summary>Binary orders of the finest digit and of the greatest value. Zeros have none; subnormals and what is not finite cannot be summed.</summary>
    private static bool TryFindOrders(ReadOnlySpan<double> values, out int least, out int greatest)
    {
        int low = int.MaxValue, high = int.MinValue;
        foreach (var value in values)
        {
            var bits = BitConverter.DoubleToInt64Bits(value) & long.MaxValue;
            var order = (int)(bits >> FractionBits);
            if (bits == 0)
                continue;
            if (order is 0 or 0x7FF)
            {
                (least, greatest) = (0, 0);
                return false;
            }
            low = Math.Min(low, order);
            high = Math.Max(high, order);
        }
        if (low > high)
            (low, high) = (1023, 1023);
        least = low - 1023 - FractionBits;
        greatest = high - 1023 - FractionBits;
        return true;
    }

    /// <summary>Rounded once, half to even.</summary>
    private static double Nearest(Int128 value)
    {
        var negative = value < 0;
        var magnitude = (UInt128)(negative ? -value : value);
        var length = 128 - (int)UInt128.LeadingZeroCount(magnitude);
        double nearest;
        if (length <= 53)
            nearest = (ulong)magnitude;
        else
        {
            var shift = length - 53;
            var kept = (ulong)(magnitude >> shift);
            var dropped = magnitude & ((UInt128.One << shift) - 1);
            var half = UInt128.One << (shift - 1);
            if (dropped > half || (dropped == half && (kept & 1) == 1))
                kept++;
            nearest = Math.ScaleB(kept, shift);
        }
        return negative ? -nearest : nearest;
    }
}
