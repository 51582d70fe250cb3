namespace ActorMon.Tsdb.Index;

/// <summary>
/// The series of each value of one label name: value symbol -> ascending series numbers. One writer, any readers, no lock.
/// <code>
/// a list is a 64-bit word:  count of integers &lt;&lt; 32 | position in the slab      count 0: the low half is the only series itself
/// its integers:             n >= 0: the series n      n &lt; 0: a run from ~n, its length follows
/// </code>
/// Series of one target are numbered together, so the lists of job, instance and most constant labels are a few runs. Numbers only ever grow:
/// a reader cuts every list at its view's series count, and that is all the isolation it needs.
/// </summary>
internal sealed class LabelPostings(IntSlab slab)
{
    private sealed class Table(int size)
    {
        public readonly int[] Keys = new int[size];
        public readonly long[] Lists = new long[size];
    }

    private Table _table = new(8);
    private int _values;

    /// <summary>Number of distinct values, those of later views included.</summary>
    public int ValueCount => Volatile.Read(ref _values);

    public long TableBytes => _table.Keys.Length * 12L;

    /// <summary>Adds a series with a number greater than all before.</summary>
    public void Add(int value, int series)
    {
        var table = _table;
        var at = SlotOf(table, value);
        if (table.Keys[at] == 0)
        {
            table.Lists[at] = (uint)series;
            Volatile.Write(ref table.Keys[at], value + 1);
            Volatile.Write(ref _values, _values + 1);
            if (_values * 3 > table.Keys.Length * 2)
                Grow();
            return;
        }
        Volatile.Write(ref table.Lists[at], Extend(table.Lists[at], series));
    }

    /// <summary>The list of a value, for <see cref="Expand"/>; false when no series has it.</summary>
    public bool TryFind(int value, out long list)
    {
        var table = Volatile.Read(ref _table);
        var at = SlotOf(table, value);
        list = Volatile.Read(ref table.Lists[at]);
        return Volatile.Read(ref table.Keys[at]) != 0;
    }

    /// <summary>Value symbols in no order, with their lists.</summary>
    public void Values(List<(int Value, long List)> into)
    {
        var table = Volatile.Read(ref _table);
        for (var i = 0; i < table.Keys.Length; i++)
        {
            var key = Volatile.Read(ref table.Keys[i]);
            if (key != 0)
                into.Add((key - 1, Volatile.Read(ref table.Lists[i])));
        }
    }

    /// <summary>A guess of a list's length that costs nothing: its integers.</summary>
    public static int Cost(long list) => Math.Max(1, (int)(list >> 32));

    /// <summary>The series of a list below the limit.</summary>
    public PostingRuns Runs(long list, int limit) => new(list, slab, limit);

    /// <summary>Appends the series numbers below <paramref name="limit"/>, ascending.</summary>
    public void Expand(long list, int limit, ref IntBuffer into)
    {
        var runs = Runs(list, limit);
        while (runs.TryNext(out var start, out var end))
            for (var series = start; series < end; series++)
                into.Add(series);
    }

    /// <summary>How many series below the limit a list has.</summary>
    public int Count(long list, int limit)
    {
        var runs = Runs(list, limit);
        var total = 0;
        while (runs.TryNext(out var start, out var end))
            total += end - start;
        return total;
    }

    private long Extend(long list, int series)
    {
        var count = (int)(list >> 32);
        if (count == 0)
        {
            var first = (int)list;
            var position = slab.Allocate(4);
            var fresh = slab.At(position, 4);
            (fresh[0], fresh[1]) = series == first + 1 ? (~first, 2) : (first, series);
            return 2L << 32 | position;
        }
        var at = (uint)list;
        var data = slab.At(at, count);
        var endsInRun = count >= 2 && data[count - 2] < 0;
        if (endsInRun && ~data[count - 2] + data[count - 1] == series)
        {
            Volatile.Write(ref data[count - 1], data[count - 1] + 1);
            return list;
        }
        if (count == Capacity(count))
        {
            var larger = slab.Allocate(count * 2);
            data.CopyTo(slab.At(larger, count));
            at = larger;
        }
        data = slab.At(at, count + 1);
        if (!endsInRun && data[count - 1] + 1 == series)
        {
            data[count] = 2;
            Volatile.Write(ref data[count - 1], ~data[count - 1]);
        }
        else
        {
            data[count] = series;
        }
        return (long)(count + 1) << 32 | at;
    }

    private static int Capacity(int count) => Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));

    private static int SlotOf(Table table, int value)
    {
        var mask = table.Keys.Length - 1;
        var at = (int)((uint)value * 2654435769u >> 8) & mask;
        while (true)
        {
            var key = Volatile.Read(ref table.Keys[at]);
            if (key == 0 || key == value + 1)
                return at;
            at = (at + 1) & mask;
        }
    }

    private void Grow()
    {
        var larger = new Table(_table.Keys.Length * 2);
        for (var i = 0; i < _table.Keys.Length; i++)
        {
            if (_table.Keys[i] == 0)
                continue;
            var at = SlotOf(larger, _table.Keys[i] - 1);
            larger.Keys[at] = _table.Keys[i];
            larger.Lists[at] = _table.Lists[i];
        }
        Volatile.Write(ref _table, larger);
    }
}

/// <summary>The series of a list of <see cref="LabelPostings"/> below a limit as runs [start, end), ascending.</summary>
internal ref struct PostingRuns
{
    private readonly ReadOnlySpan<int> _data;
    private readonly int _limit;
    private readonly int _single;
    private int _left;
    private int _at;

    public PostingRuns(long list, IntSlab slab, int limit)
    {
        _limit = limit;
        _left = (int)(list >> 32);
        _single = _left == 0 ? (int)list : -1;
        _data = _left == 0 ? default : slab.From((uint)list);
        // The only series itself is the one run.
        _left = Math.Max(1, _left);
    }

    public bool TryNext(out int start, out int end)
    {
        (start, end) = (0, 0);
        if (_left-- <= 0)
            return false;
        start = _single >= 0 ? _single : Volatile.Read(in _data[_at++]);
        if (start >= 0)
        {
            end = start + 1;
        }
        else
        {
            start = ~start;
            // The length may stand behind our count: the last single became a run after we read the word.
            end = Math.Min(_limit, start + Volatile.Read(in _data[_at++]));
            _left--;
        }
        if (start < _limit)
            return true;
        _left = 0;
        return false;
    }
}

/// <summary>A growable list of integers without an object around it.</summary>
internal struct IntBuffer
{
    private int[]? _items;

    public int Count { get; private set; }

    public readonly Span<int> Span => _items.AsSpan(0, Count);

    public void Add(int item)
    {
        if (_items is null || Count == _items.Length)
            Array.Resize(ref _items, Math.Max(16, Count * 2));
        _items[Count++] = item;
    }

    public void Truncate(int count) => Count = count;
}
