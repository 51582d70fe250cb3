using ActorMon.Model.Exemplars;

namespace ActorMon.Tsdb.Head;

internal readonly record struct StoredExemplar(int Series, Exemplar Exemplar);

/// <summary>The newest exemplars of a partition, a bounded number; full: the oldest page of 64 goes. Views keep the pages they saw.</summary>
internal sealed class ExemplarRing(int capacity)
{
    private const int PageSize = 64;
    private readonly List<StoredExemplar[]> _pages = [];
    private int _lastCount = PageSize;
    private StoredExemplar[][]? _snapshot;

    public long Appended { get; private set; }

    /// <summary>Those that were offered, also by a log that is read, whether there was room for them or not.</summary>
    public long Offered { get; private set; }

    public int Count => _pages.Count == 0 ? 0 : (_pages.Count - 1) * PageSize + _lastCount;

    public void Add(int series, Exemplar exemplar)
    {
        Offered++;
        if (capacity <= 0)
            return;
        if (_lastCount == PageSize)
        {
            if (Count + PageSize > Math.Max(capacity, PageSize))
                _pages.RemoveAt(0);
            _pages.Add(new StoredExemplar[PageSize]);
            _lastCount = 0;
            _snapshot = null;
        }
        // Behind the count of every view.
        _pages[^1][_lastCount++] = new StoredExemplar(series, exemplar);
        Appended++;
    }

    /// <summary>Takes what another one holds of the series that remain, under their new numbers.</summary>
    public void Carry(ExemplarRing from, ReadOnlySpan<int> numbers)
    {
        foreach (var (series, exemplar) in from.Snapshot().All())
            if (numbers[series] >= 0)
                Add(numbers[series], exemplar);
        (Appended, Offered) = (from.Appended, from.Offered);
    }

    /// <summary>Takes out those that are named; false: there was none.</summary>
    public bool Remove(Func<StoredExemplar, bool> gone)
    {
        var all = Snapshot().All().ToList();
        var kept = all.Where(exemplar => !gone(exemplar)).ToList();
        if (kept.Count == all.Count)
            return false;
        var (appended, offered) = (Appended, Offered);
        _pages.Clear();
        (_lastCount, _snapshot) = (PageSize, null);
        foreach (var (series, exemplar) in kept)
            Add(series, exemplar);
        (Appended, Offered) = (appended, offered);
        return true;
    }

    public ExemplarSnapshot Snapshot() => new(_snapshot ??= [.. _pages], _lastCount);
}

internal readonly struct ExemplarSnapshot(StoredExemplar[][] pages, int lastCount)
{
    public IEnumerable<StoredExemplar> All()
    {
        for (var page = 0; page < pages.Length; page++)
        {
            var count = page == pages.Length - 1 ? lastCount : pages[page].Length;
            for (var i = 0; i < count; i++)
                yield return pages[page][i];
        }
    }
}
