using System.Numerics;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Fragments;

/// <summary>
/// Aggregations whose partial results give the bits of the whole, and for which values they do.
/// A compensated sum keeps the errors of its additions in a second double. While the digits of all values lie within few binary orders of each other these errors add up without one
/// of their own, whatever the order of the series: sum and compensation together are the exact sum, and the result is that rounded once. Counts are whole numbers. Of minima
/// and maxima the order decides only between zeros of both signs and between NaNs; such values are left to the whole.
/// </summary>
internal static class ExactPartials
{
    private const int FractionBits = 52;
    private const int Bias = 1023;

    /// <summary>Sums of greater values could overflow.</summary>
    private const int MaxOrder = 900;

    public static bool CanSplit(AggregateOp op) => op is AggregateOp.Sum or AggregateOp.Min or AggregateOp.Max or AggregateOp.Count or AggregateOp.Group;

    public static int ColumnsPerGroup(AggregateOp op) => op == AggregateOp.Sum ? 2 : 1;

    public static readonly FragmentOrders NoOrders = new(int.MaxValue, int.MinValue);

    public static FragmentOrders Union(FragmentOrders a, FragmentOrders b) => new(Math.Min(a.Least, b.Least), Math.Max(a.Greatest, b.Greatest));

    /// <summary>
    /// Whether a sum of so many values is exact. An error of an addition is at most half the last place of the greatest sum, series * 2^(greatest + 1), and a multiple of
    /// the lowest digit of any value, 2^least: all errors together fit into 53 bits while greatest - least + 2 log2(series) is at most 105. One is kept in reserve.
    /// </summary>
    public static bool IsExact(FragmentOrders orders, int series) =>
        orders.Least > orders.Greatest
        || (orders.Greatest < MaxOrder && (long)orders.Greatest - orders.Least + (2 * (BitOperations.Log2((uint)Math.Max(1, series)) + 1)) <= 2 * FractionBits);

    /// <summary>Widens the orders by a column's values; false: one is not finite or too small to have an order.</summary>
    public static bool Note(Column column, ref FragmentOrders orders)
    {
        var (least, greatest) = orders;
        foreach (var step in Bits.Steps(column.Present))
        {
            var bits = BitConverter.DoubleToInt64Bits(column.Values[step]) & long.MaxValue;
            if (bits == 0)
                continue;
            var order = (int)(bits >> FractionBits);
            if (order is 0 or 0x7FF)
                return false;
            least = Math.Min(least, order - Bias - FractionBits + BitOperations.TrailingZeroCount(bits | (1L << FractionBits)));
            greatest = Math.Max(greatest, order - Bias);
        }
        orders = new(least, greatest);
        return true;
    }

    /// <summary>No value of the column is one between which and others the order of series decides.</summary>
    public static bool IsOrderFree(Column column)
    {
        foreach (var step in Bits.Steps(column.Present))
            if (double.IsNaN(column.Values[step]) || BitConverter.DoubleToInt64Bits(column.Values[step]) == long.MinValue)
                return false;
        return true;
    }
}
