using ActorMon.Model.Labels;

namespace ActorMon.Scraping.Samples;

/// <summary>What is known of one series outside the layouts. Its labels are held: every sample carries them.</summary>
internal struct LooseRow
{
    public LabelSet Labels;
    public short Output;

    /// <summary>Newest exposed timestamp in ms; long.MinValue: none.</summary>
    public long LastTime;
    public long LastBits;

    /// <summary>The scrape that saw it last.</summary>
    public uint LastScrape;

    /// <summary>It ends by a stale marker when it does not come.</summary>
    public bool Live;
}

/// <summary>
/// Series of a target that do not fit into columns: native histograms and series with exposed timestamps. Bounded by the series of the last scrapes, as the
/// cache is. Changes of a failed scrape are taken back.
/// </summary>
internal sealed class LooseSeries
{
    private readonly Dictionary<LabelSet, int> _byLabels = [];
    private readonly List<(int Row, LooseRow Before)> _undo = [];
    private LooseRow[] _rows = [];
    private int _committed;

    public int Count { get; private set; }

    public ref LooseRow this[int row] => ref _rows[row];

    public void Begin()
    {
        _undo.Clear();
        _committed = Count;
    }

    public int FindOrAdd(LabelSet labels, short output)
    {
        if (_byLabels.TryGetValue(labels, out var row))
            return row;
        if (Count == _rows.Length)
            Array.Resize(ref _rows, Math.Max(16, Count + (Count >> 1)));
        _rows[Count] = new LooseRow { Labels = labels, Output = output, LastTime = long.MinValue };
        _byLabels.Add(labels, Count);
        return Count++;
    }

    /// <summary>A row to be changed by the running scrape.</summary>
    public ref LooseRow Change(int row)
    {
        if (row < _committed)
            _undo.Add((row, _rows[row]));
        return ref _rows[row];
    }

    public bool WasSeen(LabelSet labels, uint scrape) => _byLabels.TryGetValue(labels, out var row) && _rows[row].LastScrape == scrape;

    public void Rollback()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
            _rows[_undo[i].Row] = _undo[i].Before;
        _undo.Clear();
        for (var row = _committed; row < Count; row++)
            _byLabels.Remove(_rows[row].Labels);
        Array.Clear(_rows, _committed, Count - _committed);
        Count = _committed;
    }

    /// <summary>Keeps only rows seen in the given scrape; returns for each old row its new number, or -1.</summary>
    public int[] KeepOnly(uint scrape)
    {
        var moved = new int[Count];
        var kept = 0;
        _byLabels.Clear();
        for (var row = 0; row < Count; row++)
        {
            moved[row] = -1;
            if (_rows[row].LastScrape != scrape)
                continue;
            moved[row] = kept;
            _rows[kept] = _rows[row];
            _byLabels.Add(_rows[kept].Labels, kept);
            kept++;
        }
        Array.Clear(_rows, kept, Count - kept);
        Count = kept;
        return moved;
    }
}
