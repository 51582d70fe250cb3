using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>The pages of a slab at one moment. A page that was given back is null here only if nothing of this view needs it.</summary>
internal readonly struct SlabSnapshot(byte[]?[] pages)
{
    /// <summary>From a position to the end of its page.</summary>
    public ReadOnlySpan<byte> At(long position) => pages[(int)(position >> Slab.OffsetBits)].AsSpan((int)position & Slab.OffsetMask);
}

/// <summary>
/// Byte runs in pages of 64 KiB (a longer run has a page of its own), addressed by page &lt;&lt; 17 | offset. A page is dropped when everything in it was given back;
/// its memory is never used again while a view can see it, the garbage collector takes it after the last view. One writer.
/// </summary>
internal sealed class Slab
{
    public const int OffsetBits = 17;
    public const int OffsetMask = (1 << OffsetBits) - 1;
    private const int PageBytes = 1 << 16;

    private byte[]?[] _pages = new byte[]?[4];
    private int[] _live = new int[4];
    private int _pageCount;
    private int _open = -1;
    private int _used = PageBytes;
    private bool _shared;

    public long Bytes { get; private set; }

    public long Add(ReadOnlySpan<byte> data)
    {
        if (data.Length > PageBytes)
        {
            var page = AddPage(data.Length);
            data.CopyTo(_pages[page]);
            _live[page] = data.Length;
            return (long)page << OffsetBits;
        }
        if (_used + data.Length > PageBytes)
        {
            var full = _open;
            _open = AddPage(PageBytes);
            _used = 0;
            if (full >= 0 && _live[full] == 0)
                Drop(full);
        }
        data.CopyTo(_pages[_open].AsSpan(_used));
        var position = (long)_open << OffsetBits | (uint)_used;
        _used += data.Length;
        _live[_open] += data.Length;
        return position;
    }

    /// <summary>Gives a run back.</summary>
    public void Release(long position, int length)
    {
        var page = (int)(position >> OffsetBits);
        _live[page] -= length;
        if (_live[page] == 0 && page != _open)
            Drop(page);
    }

    public ReadOnlySpan<byte> At(long position) => _pages[(int)(position >> OffsetBits)].AsSpan((int)position & OffsetMask);

    public SlabSnapshot Snapshot()
    {
        _shared = true;
        return new SlabSnapshot(_pages);
    }

    private int AddPage(int size)
    {
        if (_pageCount == _pages.Length)
        {
            Array.Resize(ref _pages, _pageCount * 2);
            Array.Resize(ref _live, _pageCount * 2);
            _shared = false;
        }
        // Behind every snapshot's positions: no copy is needed.
        // Readable behind the last run: decoders fetch whole words.
        _pages[_pageCount] = new byte[size + ColumnCodec.Padding];
        Bytes += size + ColumnCodec.Padding;
        return _pageCount++;
    }

    private void Drop(int page)
    {
        if (_shared)
        {
            _pages = (byte[]?[])_pages.Clone();
            _shared = false;
        }
        Bytes -= _pages[page]!.Length;
        _pages[page] = null;
    }
}
