using System.Numerics;

namespace ActorMon.PromQL.Functions;

/// <summary>The places where a series decreases, found once per series, then summed per window in order (the order decides the last bits).</summary>
internal sealed class CounterResets
{
    private int[] _at = new int[16];
    private int _count;
    private int _from;

    /// <param name="startTimes">Beside the values, or empty.</param>
    public void Find(ReadOnlySpan<double> values, ReadOnlySpan<long> times, ReadOnlySpan<long> startTimes)
    {
        _count = 0;
        _from = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (startTimes.IsEmpty)
                i = SkipAscending(values, i);
            if (i == values.Length)
                return;
            if (!(values[i] < values[i - 1]) && (startTimes.IsEmpty || !StartTimeRules.IsReset(startTimes[i - 1], times[i - 1], startTimes[i], times[i])))
                continue;
            if (_count == _at.Length)
                Array.Resize(ref _at, _count * 2);
            _at[_count++] = i;
        }
    }

    /// <summary>Moves on over values that are not below the one before them, as many at a time as the machine compares.</summary>
    private static int SkipAscending(ReadOnlySpan<double> values, int i)
    {
        while (i + Vector<double>.Count <= values.Length && !Vector.LessThanAny(new Vector<double>(values[i..]), new Vector<double>(values[(i - 1)..])))
            i += Vector<double>.Count;
        return i;
    }

    /// <summary>Adds to <paramref name="increase"/> the value before each reset within samples [first, limit). Windows must come in ascending order of first.</summary>
    public double Correct(double increase, ReadOnlySpan<double> values, int first, int limit)
    {
        while (_from < _count && _at[_from] <= first)
            _from++;
        for (var i = _from; i < _count && _at[i] < limit; i++)
            increase += values[_at[i] - 1];
        return increase;
    }

    /// <summary>The number of resets within samples [first, limit).</summary>
    public int Count(int first, int limit)
    {
        while (_from < _count && _at[_from] <= first)
            _from++;
        var i = _from;
        while (i < _count && _at[i] < limit)
            i++;
        return i - _from;
    }
}
