using System.IO.Hashing;
using System.Runtime.CompilerServices;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Index;

/// <summary>One series: 24 bytes, plus four for each label value. <see cref="Home"/> and <see cref="Loose"/> change in place; readers cut them by their view's counts.</summary>
internal struct SeriesRow
{
    /// <summary>StableHash of the labels.</summary>
    public ulong Hash;

    /// <summary>Where its value symbols start in the slab; as many as its shape has names.</summary>
    public uint Values;
    public int Shape;

    /// <summary>Newest entry of the list of layout slots, or -1.</summary>
    public int Home;

    /// <summary>Its number among the loose series, or -1.</summary>
    public int Loose;
}

/// <summary>
/// The series of a partition, numbered 0, 1, 2 ... in order of arrival, and their inverted index. A label set is a shape (its names, shared) and value symbols.
/// One writer, any readers, no lock: rows are written before they can be found, and a reader looks at no number beyond its view's count.
/// </summary>
internal sealed class SeriesTable
{
    private const int PageBits = 9;
    public const int MaxLabels = 1000;
    private static int _tables;

    // Marks the label sets whose number here is known; never given twice in a process, so a table that is gone is never mistaken for another.
    private readonly long _tag = (long)Interlocked.Increment(ref _tables) << 32;
    private readonly IntSlab _values = new();
    private readonly IntSlab _postingSlab = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, LabelPostings> _postings = new();
    private readonly Dictionary<int, List<int>> _shapesByHash = [];
    private SeriesRow[][] _rows = new SeriesRow[4][];
    private int[][] _shapes = new int[8][];
    private int _shapeCount;
    // Series number + 1; 0 is free.
    private int[] _slots = new int[256];

    public SeriesTable(NodeSymbols symbols)
    {
        Symbols = symbols;
        Order = new SeriesOrder(this);
    }

    public NodeSymbols Symbols { get; }

    public SeriesOrder Order { get; }

    public int Count { get; private set; }

    public int LabelNameCount => _postings.Count;

    /// <summary>Who counts this table's series; null while it is filled by recovery.</summary>
    public ISeriesLedger? Ledger { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref SeriesRow Row(int series) => ref Volatile.Read(ref _rows)[series >> PageBits][series & ((1 << PageBits) - 1)];

    public ReadOnlySpan<int> Names(in SeriesRow row) => Volatile.Read(ref _shapes)[row.Shape];

    public ReadOnlySpan<int> ValuesOf(in SeriesRow row) => _values.At(row.Values, Volatile.Read(ref _shapes)[row.Shape].Length);

    public IEnumerable<KeyValuePair<int, LabelPostings>> Postings => _postings;

    public bool TryPostings(int name, out LabelPostings postings) => _postings.TryGetValue(name, out postings!);

    public LabelSet Labels(int series)
    {
        ref var row = ref Row(series);
        var names = Names(row);
        var values = ValuesOf(row);
        var labels = new Label[names.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(Symbols.Text(names[i]), Symbols.Text(values[i]));
        return LabelSet.FromSortedUnchecked(labels);
    }

    /// <summary>The order of two series by their labels, as <see cref="LabelSet.CompareTo"/> has it; makes no label set.</summary>
    public int CompareLabels(int a, int b)
    {
        ref var x = ref Row(a);
        ref var y = ref Row(b);
        var xNames = Names(x);
        var yNames = Names(y);
        var xValues = ValuesOf(x);
        var yValues = ValuesOf(y);
        for (var i = 0; i < Math.Min(xNames.Length, yNames.Length); i++)
        {
            if (xNames[i] != yNames[i])
                return Symbols.Compare(xNames[i], yNames[i]);
            if (xValues[i] != yValues[i])
                return Symbols.Compare(xValues[i], yValues[i]);
        }
        return xNames.Length.CompareTo(yNames.Length);
    }

    /// <summary>The series of this very instance of a label set when it was looked up here before, else -1; on any thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Noted(LabelSet labels)
    {
        var tag = labels.OwnerTag;
        return (tag ^ _tag) >>> 32 == 0 ? (int)tag : -1;
    }

    /// <summary>The series of a label set, or -1; on any thread. The caller cuts it by its view's count.</summary>
    public int Find(LabelSet labels)
    {
        var series = Noted(labels);
        return series >= 0 ? series : Note(labels, Find(labels, StableHash.Of(labels)));
    }

    public int GetOrAdd(LabelSet labels)
    {
        var series = Noted(labels);
        return series >= 0 ? series : Note(labels, GetOrAdd(labels, StableHash.Of(labels)));
    }

    /// <summary>The series of a label set, or -1; on any thread. The caller cuts it by its view's count.</summary>
    public int Find(LabelSet labels, ulong hash)
    {
        var slots = Volatile.Read(ref _slots);
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            var series = Volatile.Read(ref slots[at]) - 1;
            if (series < 0)
                return -1;
            ref var row = ref Row(series);
            if (row.Hash == hash && Equal(row, labels))
                return series;
        }
    }

    private int Note(LabelSet labels, int series)
    {
        if (series >= 0)
            labels.OwnerTag = _tag | (uint)series;
        return series;
    }

    public int GetOrAdd(LabelSet labels, ulong hash)
    {
        var series = Find(labels, hash);
        if (series >= 0)
            return series;
        Span<int> names = stackalloc int[labels.Count];
        Span<int> values = stackalloc int[labels.Count];
        for (var i = 0; i < labels.Count; i++)
        {
            names[i] = Symbols.Intern(labels[i].Name);
            values[i] = Symbols.Intern(labels[i].Value);
        }
        return Add(hash, ShapeOf(names), values);
    }

    /// <summary>As above, for labels given as symbols sorted by name (recovery).</summary>
    public int GetOrAdd(ReadOnlySpan<int> names, ReadOnlySpan<int> values)
    {
        var hash = Hash(names, values);
        var shape = ShapeOf(names);
        var mask = _slots.Length - 1;
        for (var at = (int)hash & mask; _slots[at] != 0; at = (at + 1) & mask)
        {
            ref var row = ref Row(_slots[at] - 1);
            if (row.Hash == hash && row.Shape == shape && ValuesOf(row).SequenceEqual(values))
                return _slots[at] - 1;
        }
        return Add(hash, shape, values);
    }

    /// <summary>Adds a series that is known not to be here.</summary>
    internal int AddNew(ulong hash, int shape, ReadOnlySpan<int> values) => Add(hash, shape, values);

    private ulong Hash(ReadOnlySpan<int> names, ReadOnlySpan<int> values)
    {
        var size = 2 * names.Length;
        for (var i = 0; i < names.Length; i++)
            size += Symbols.Bytes(names[i]).Length + Symbols.Bytes(values[i]).Length;
        var bytes = size + 1 <= 2048 ? stackalloc byte[2048] : new byte[size];
        var at = 0;
        for (var i = 0; i < names.Length; i++)
        {
            Append(Symbols.Bytes(names[i]), bytes, ref at);
            Append(Symbols.Bytes(values[i]), bytes, ref at);
        }
        return XxHash64.HashToUInt64(bytes[..at]);

        static void Append(ReadOnlySpan<byte> text, Span<byte> to, ref int at)
        {
            text.CopyTo(to[at..]);
            at += text.Length;
            to[at++] = 0xFF;
        }
    }

    private int Add(ulong hash, int shape, ReadOnlySpan<int> values)
    {
        var series = Count;
        var page = series >> PageBits;
        if (page == _rows.Length)
        {
            var larger = _rows;
            Array.Resize(ref larger, page * 2);
            Volatile.Write(ref _rows, larger);
        }
        _rows[page] ??= new SeriesRow[1 << PageBits];
        ref var row = ref _rows[page][series & ((1 << PageBits) - 1)];
        row = new SeriesRow { Hash = hash, Shape = shape, Home = -1, Loose = -1, Values = _values.Allocate(Math.Max(1, values.Length)) };
        values.CopyTo(_values.At(row.Values, values.Length));
        var names = _shapes[shape];
        for (var i = 0; i < names.Length; i++)
            PostingsOf(names[i]).Add(values[i], series);
        Count++;
        if (Count * 3L > _slots.Length * 2L)
            GrowSlots();
        else
            Place(_slots, hash, series);
        Ledger?.Added(series);
        return series;
    }

    private LabelPostings PostingsOf(int name)
    {
        if (!_postings.TryGetValue(name, out var postings))
            _postings[name] = postings = new LabelPostings(_postingSlab);
        return postings;
    }

    internal int ShapeOf(ReadOnlySpan<int> names)
    {
        var hash = new HashCode();
        foreach (var name in names)
            hash.Add(name);
        var code = hash.ToHashCode();
        if (_shapesByHash.TryGetValue(code, out var shapes))
        {
            foreach (var shape in shapes)
                if (names.SequenceEqual(_shapes[shape]))
                    return shape;
        }
        else
        {
            _shapesByHash[code] = shapes = [];
        }
        if (_shapeCount == _shapes.Length)
        {
            var larger = _shapes;
            Array.Resize(ref larger, _shapeCount * 2);
            Volatile.Write(ref _shapes, larger);
        }
        _shapes[_shapeCount] = names.ToArray();
        shapes.Add(_shapeCount);
        return _shapeCount++;
    }

    private bool Equal(in SeriesRow row, LabelSet labels)
    {
        var names = Names(row);
        if (names.Length != labels.Count)
            return false;
        var values = ValuesOf(row);
        // Values differ sooner than names do.
        for (var i = names.Length - 1; i >= 0; i--)
            if (!Symbols.Is(values[i], labels[i].Value) || !Symbols.Is(names[i], labels[i].Name))
                return false;
        return true;
    }

    private void GrowSlots()
    {
        var larger = new int[_slots.Length * 2];
        for (var series = 0; series < Count; series++)
            Place(larger, Row(series).Hash, series);
        Volatile.Write(ref _slots, larger);
    }

    private static void Place(int[] slots, ulong hash, int series)
    {
        var mask = slots.Length - 1;
        var at = (int)hash & mask;
        while (slots[at] != 0)
            at = (at + 1) & mask;
        Volatile.Write(ref slots[at], series + 1);
    }
}
