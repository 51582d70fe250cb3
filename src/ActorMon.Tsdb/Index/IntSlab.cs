namespace ActorMon.Tsdb.Index;

/// <summary>
/// Integers in pages of 64 KiB, addressed by (page &lt;&lt; 14 | offset); a longer run has a page of its own. Append-only, so readers on other threads need no lock.
/// </summary>
internal sealed class IntSlab
{
    private const int OffsetBits = 14;
    private const int PageInts = 1 << OffsetBits;

    private int[][] _pages = new int[4][];
    private int _pageCount;
    private int _open = -1;
    private int _used = PageInts;

    public long Bytes { get; private set; }

    /// <summary>Room for <paramref name="count"/> integers, contiguous, zero.</summary>
    public uint Allocate(int count)
    {
        if (count > PageInts)
            return (uint)AddPage(count) << OffsetBits;
        if (_used + count > PageInts)
        {
            _open = AddPage(PageInts);
            _used = 0;
        }
        var at = (uint)_open << OffsetBits | (uint)_used;
        _used += count;
        return at;
    }

    public Span<int> At(uint position, int count) =>
        Volatile.Read(ref _pages)[position >> OffsetBits].AsSpan((int)(position & (PageInts - 1)), count);

    /// <summary>From a position to the end of its page.</summary>
    public Span<int> From(uint position) => Volatile.Read(ref _pages)[position >> OffsetBits].AsSpan((int)(position & (PageInts - 1)));

    private int AddPage(int ints)
    {
        if (_pageCount == _pages.Length)
        {
            var larger = _pages;
            Array.Resize(ref larger, _pageCount * 2);
            Volatile.Write(ref _pages, larger);
        }
        _pages[_pageCount] = new int[ints];
        Bytes += ints * 4L;
        return _pageCount++;
    }
}
