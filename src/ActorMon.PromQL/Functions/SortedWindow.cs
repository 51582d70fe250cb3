namespace ActorMon.PromQL.Functions;

/// <summary>The values of a sliding window in ascending order, NaN lowest; samples enter and leave by binary search.</summary>
internal sealed class SortedWindow
{
    private double[] _sorted = new double[64];
    private int _count;
    private int _first;
    private int _limit;

    public void Reset() => _count = _first = _limit = 0;

    /// <summary>Moves the window to samples [first, limit) and returns them sorted. Both ends only move forward between resets.</summary>
    public ReadOnlySpan<double> MoveTo(ReadOnlySpan<double> values, int first, int limit)
    {
        if (first >= _limit || limit - _limit > (limit - first) / 2)
            Rebuild(values, first, limit);
        for (; _first < first; _first++)
            Remove(values[_first]);
        for (; _limit < limit; _limit++)
            Insert(values[_limit]);
        return _sorted.AsSpan(0, _count);
    }

    private void Rebuild(ReadOnlySpan<double> values, int first, int limit)
    {
        (_first, _limit, _count) = (first, limit, limit - first);
        if (_sorted.Length < _count)
            _sorted = new double[_count * 2];
        values[first..limit].CopyTo(_sorted);
        _sorted.AsSpan(0, _count).Sort();
    }

    private void Insert(double value)
    {
        if (_count == _sorted.Length)
            Array.Resize(ref _sorted, _count * 2);
        var at = _sorted.AsSpan(0, _count).BinarySearch(value);
        at = at < 0 ? ~at : at;
        _sorted.AsSpan(at, _count - at).CopyTo(_sorted.AsSpan(at + 1));
        _sorted[at] = value;
        _count++;
    }

    private void Remove(double value)
    {
        var at = _sorted.AsSpan(0, _count).BinarySearch(value);
        _sorted.AsSpan(at + 1, _count - at - 1).CopyTo(_sorted.AsSpan(at));
        _count--;
    }
}

/// <summary>Quantiles of sorted values: rank q(n-1), linear between neighbours.</summary>
internal static class Quantiles
{
    public static double OfSorted(double q, ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty || double.IsNaN(q))
            return double.NaN;
        if (q < 0)
            return double.NegativeInfinity;
        if (q > 1)
            return double.PositiveInfinity;
        var rank = q * (sorted.Length - 1);
        var lower = Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(sorted.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return (sorted[(int)lower] * (1 - weight)) + (sorted[(int)upper] * weight);
    }

    public static bool IsInvalid(double q) => double.IsNaN(q) || q < 0 || q > 1;
}
