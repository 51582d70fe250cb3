namespace ActorMon.Tsdb.Head;

/// <summary>One loose sample that is not sealed: 32 bytes. Samples of a series are linked from the newest to the oldest.</summary>
internal struct OpenEntry
{
    public long Time;

    /// <summary>The float's bits, or where the histogram's bytes are.</summary>
    public ulong Bits;

    /// <summary>Bytes of the histogram; 0: a float.</summary>
    public int HistogramBytes;
    public uint Previous;
    public int Owner;
}

internal readonly struct OpenLogSnapshot(OpenEntry[][] pages, uint firstPage)
{
    public ref readonly OpenEntry this[uint index] =>
        ref pages[(index >> OpenLog.PageBits) - firstPage & OpenLog.PageMask][index & ((1 << OpenLog.PageBits) - 1)];
}

/// <summary>
/// Loose samples in order of arrival, whatever their series, until their series are sealed: a write touches the end of the log and 32 bytes of the series.
/// Numbers wrap around at 2^32; pages are dropped from the front. One writer.
/// </summary>
internal sealed class OpenLog
{
    public const uint None = uint.MaxValue;
    public const int PageBits = 8;
    public const uint PageMask = (1u << (32 - PageBits)) - 1;
    private const int PageSize = 1 << PageBits;

    private readonly List<OpenEntry[]> _pages = [];
    private readonly List<int> _live = [];
    private uint _firstPage;
    private uint _next;
    private OpenEntry[][]? _snapshot;

    public int PageCount => _pages.Count;

    public uint Add(in OpenEntry entry)
    {
        if ((_next & (PageSize - 1)) == 0)
        {
            _pages.Add(new OpenEntry[PageSize]);
            _live.Add(0);
            _snapshot = null;
        }
        // The last number of all means "none".
        var index = _next++;
        _pages[^1][index & (PageSize - 1)] = entry;
        _live[^1]++;
        if (_next == None)
            _next = 0;
        return index;
    }

    public ref readonly OpenEntry this[uint index] => ref _pages[(int)((index >> PageBits) - _firstPage & PageMask)][index & (PageSize - 1)];

    /// <summary>The entry is sealed elsewhere.</summary>
    public void Release(uint index) => _live[(int)((index >> PageBits) - _firstPage & PageMask)]--;

    /// <summary>Drops pages at the front in which nothing is open; the last page stays.</summary>
    public void Trim()
    {
        var drop = 0;
        while (drop < _pages.Count - 1 && _live[drop] == 0)
            drop++;
        if (drop == 0)
            return;
        _pages.RemoveRange(0, drop);
        _live.RemoveRange(0, drop);
        _firstPage = _firstPage + (uint)drop & PageMask;
        _snapshot = null;
    }

    /// <summary>The series with entries in the oldest page, repeated, sealed ones included.</summary>
    public IEnumerable<(uint Index, int Owner)> OldestPage()
    {
        var page = _pages[0];
        for (var i = 0; i < page.Length; i++)
            yield return (_firstPage << PageBits | (uint)i, page[i].Owner);
    }

    public OpenLogSnapshot Snapshot() => new(_snapshot ??= [.. _pages], _firstPage);
}
