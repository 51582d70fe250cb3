using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Deletion;

/// <summary>The times at which a series is deleted: disjoint ranges, both ends inclusive (ms), ascending, none touching the next. Immutable.</summary>
public sealed class DeletedRanges
{
    private readonly long[] _starts;
    private readonly long[] _ends;

    private DeletedRanges(long[] starts, long[] ends)
    {
        _starts = starts;
        _ends = ends;
    }

    public int Count => _starts.Length;

    public (long Min, long Max) this[int index] => (_starts[index], _ends[index]);

    /// <summary>Ranges in any order, overlapping or not; null when there is none.</summary>
    public static DeletedRanges? Of(IEnumerable<(long Min, long Max)> ranges)
    {
        var sorted = new List<(long Min, long Max)>(ranges);
        sorted.Sort();
        var starts = new List<long>();
        var ends = new List<long>();
        foreach (var (min, max) in sorted)
        {
            if (max < min)
                continue;
            if (ends.Count > 0 && (ends[^1] == long.MaxValue || min <= ends[^1] + 1))
            {
                ends[^1] = Math.Max(ends[^1], max);
                continue;
            }
            starts.Add(min);
            ends.Add(max);
        }
        return starts.Count == 0 ? null : new DeletedRanges([.. starts], [.. ends]);
    }

    public bool Contains(long time)
    {
        var at = FirstEndingAtOrAfter(time);
        return at < _starts.Length && _starts[at] <= time;
    }

    /// <summary>The stretches of [min, max] in which nothing is deleted, ascending.</summary>
    public GapEnumerator Gaps(long min, long max) => new(this, min, max);

    /// <summary>The first stretch of [from, max] in which nothing is deleted; false when there is none.</summary>
    private bool TryGap(long from, long max, out long gapMin, out long gapMax)
    {
        (gapMin, gapMax) = (from, max);
        if (from > max)
            return false;
        var at = FirstEndingAtOrAfter(from);
        if (at < _starts.Length && _starts[at] <= from)
        {
            if (_ends[at] >= max)
                return false;
            gapMin = _ends[at++] + 1;
        }
        if (at < _starts.Length && _starts[at] <= max)
            gapMax = _starts[at] - 1;
        return true;
    }

    /// <summary>Takes the deleted samples out of a buffer that is in time order.</summary>
    public void RemoveFrom(SampleBuffer buffer)
    {
        for (var i = _starts.Length - 1; i >= 0 && buffer.Count > 0; i--)
        {
            var times = buffer.Times;
            if (times[0] > _ends[i])
                continue;
            var from = LowerBound(times, _starts[i]);
            var to = _ends[i] == long.MaxValue ? times.Length : LowerBound(times, _ends[i] + 1);
            buffer.RemoveRange(from, to - from);
        }
    }

    public struct GapEnumerator(DeletedRanges ranges, long min, long max)
    {
        private long _from = min;
        private bool _ended;

        public (long Min, long Max) Current { get; private set; }

        public readonly GapEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_ended || !ranges.TryGap(_from, max, out var gapMin, out var gapMax))
                return false;
            Current = (gapMin, gapMax);
            _ended = gapMax == long.MaxValue;
            _from = gapMax + (_ended ? 0 : 1);
            return true;
        }
    }

    private int FirstEndingAtOrAfter(long time) => LowerBound(_ends, time);

    private static int LowerBound(ReadOnlySpan<long> sorted, long value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
