using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>
/// The label pairs with most series among many: greater counts first, then by name and value in byte order. Texts are made for the winners alone.
/// </summary>
internal sealed class TopPairs(int top)
{
    private readonly PriorityQueue<Pair, Pair> _worstFirst = new(Worse.Instance);

    private readonly record struct Pair(string Name, NodeSymbols Symbols, int Value, long Series);

    public void Add(string name, NodeSymbols symbols, int value, long series)
    {
        if (_worstFirst.Count == top && series < _worstFirst.Peek().Series)
            return;
        var pair = new Pair(name, symbols, value, series);
        if (_worstFirst.Count < top)
            _worstFirst.Enqueue(pair, pair);
        else
            _worstFirst.EnqueueDequeue(pair, pair);
    }

    /// <summary>The winners, the greatest first. The list is empty afterwards.</summary>
    public PairCount[] Take()
    {
        var sorted = new PairCount[_worstFirst.Count];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            var pair = _worstFirst.Dequeue();
            sorted[i] = new PairCount(pair.Name, pair.Symbols.Text(pair.Value), pair.Series);
        }
        return sorted;
    }

    private sealed class Worse : IComparer<Pair>
    {
        public static readonly Worse Instance = new();

        public int Compare(Pair a, Pair b)
        {
            if (a.Series != b.Series)
                return a.Series.CompareTo(b.Series);
            var order = string.CompareOrdinal(b.Name, a.Name);
            return order != 0 ? order : b.Symbols.Bytes(b.Value).SequenceCompareTo(a.Symbols.Bytes(a.Value));
        }
    }
}
