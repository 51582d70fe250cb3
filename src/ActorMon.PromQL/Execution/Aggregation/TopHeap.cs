namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>
/// The k best of the elements offered, worst on top; built as the peer builds its heap, since among equal values the layout decides which ones stay. NaN is worst.
/// </summary>
internal sealed class TopHeap(bool largest)
{
    private readonly List<(double Value, int Series)> _items = [];

    public void Offer(double value, int series, long k)
    {
        if (_items.Count < k)
        {
            _items.Add((value, series));
            Up(_items.Count - 1);
            return;
        }
        var worst = _items[0].Value;
        if ((largest ? worst < value : worst > value) || (double.IsNaN(worst) && !double.IsNaN(value)))
        {
            _items[0] = (value, series);
            Down(0);
        }
    }

    /// <summary>Best first; equal values in series order.</summary>
    public IEnumerable<(double Value, int Series)> BestFirst()
    {
        _items.Sort((a, b) =>
        {
            if (double.IsNaN(a.Value) || double.IsNaN(b.Value))
                return double.IsNaN(a.Value).CompareTo(double.IsNaN(b.Value)) is var nan and not 0 ? nan : a.Series.CompareTo(b.Series);
            var order = largest ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
            return order != 0 ? order : a.Series.CompareTo(b.Series);
        });
        return _items;
    }

    private bool IsWorse(int i, int j)
    {
        var (a, b) = (_items[i].Value, _items[j].Value);
        return double.IsNaN(a) || (largest ? a < b : a > b);
    }

    private void Up(int child)
    {
        while (child > 0)
        {
            var parent = (child - 1) / 2;
            if (!IsWorse(child, parent))
                return;
            Swap(parent, child);
            child = parent;
        }
    }

    private void Down(int parent)
    {
        while (true)
        {
            var child = (2 * parent) + 1;
            if (child >= _items.Count)
                return;
            if (child + 1 < _items.Count && IsWorse(child + 1, child))
                child++;
            if (!IsWorse(child, parent))
                return;
            Swap(parent, child);
            parent = child;
        }
    }

    private void Swap(int i, int j) => (_items[i], _items[j]) = (_items[j], _items[i]);
}
