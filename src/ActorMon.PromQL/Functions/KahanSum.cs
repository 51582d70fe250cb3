using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// Neumaier's compensated sum, step for step as the peer does it: the order of additions decides the last bits. An infinite sum drops its compensation.
/// </summary>
internal struct KahanSum
{
    public double Sum;
    public double Compensation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value) => Add(value, ref Sum, ref Compensation);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double value, ref double sum, ref double compensation)
    {
        var total = sum + value;
        if (double.IsInfinity(total))
            compensation = 0;
        else if (Math.Abs(sum) >= Math.Abs(value))
            compensation += (sum - total) + value;
        else
            compensation += (value - total) + sum;
        sum = total;
    }

    public readonly double Total => Sum + Compensation;

    /// <summary>Adds each value to its own sum, as many at a time as the machine adds: the same operations, so the same bits.</summary>
    public static void AddAll(ReadOnlySpan<double> values, Span<double> sums, Span<double> compensations)
    {
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = new Vector<double>(values[i..]);
            var sum = new Vector<double>(sums[i..]);
            var total = sum + value;
            if (!Vector.LessThanAll(Vector.Abs(total), Infinity))
                break;
            var error = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Vector.Abs(sum), Vector.Abs(value)), sum - total + value, value - total + sum);
            (new Vector<double>(compensations[i..]) + error).CopyTo(compensations[i..]);
            total.CopyTo(sums[i..]);
        }
        for (; i < values.Length; i++)
            Add(values[i], ref sums[i], ref compensations[i]);
    }

    private static readonly Vector<double> Infinity = new(double.PositiveInfinity);
}

/// <summary>
/// A mean that sums up with compensation until the sum would overflow and goes on incrementally from there, as the peer does.
/// </summary>
internal struct CompensatedMean
{
    private double _value;
    private double _compensation;
    private double _count;
    private bool _incremental;

    public void Add(double value)
    {
        _count++;
        if (_count == 1)
        {
            _value = value;
            return;
        }
        if (!_incremental)
        {
            var (sum, compensation) = (_value, _compensation);
            KahanSum.Add(value, ref sum, ref compensation);
            if (!double.IsInfinity(sum))
            {
                (_value, _compensation) = (sum, compensation);
                return;
            }
            _incremental = true;
            _value /= _count - 1;
            _compensation /= _count - 1;
        }
        var weight = (_count - 1) / _count;
        _value *= weight;
        _compensation *= weight;
        KahanSum.Add(value / _count, ref _value, ref _compensation);
    }

    public readonly double Mean => _incremental ? _value + _compensation : (_value / _count) + (_compensation / _count);
}
