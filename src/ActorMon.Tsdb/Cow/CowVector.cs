namespace ActorMon.Tsdb.Cow;

/// <summary>What a reader holds of a <see cref="CowVector{T}"/>: never changes.</summary>
internal readonly struct CowSnapshot<T>(T[][] pages, int count, int pageBits)
{
    public int Count => count;

    public ref readonly T this[int index] => ref pages[index >> pageBits][index & ((1 << pageBits) - 1)];
}

/// <summary>
/// A growing array with cheap immutable snapshots: the first change of a page after a snapshot copies that page, later ones change it in place.
/// One writer; snapshots may be read on any thread.
/// </summary>
internal sealed class CowVector<T>(int pageBits)
{
    private T[][] _pages = [];
    private int[] _ownedIn = [];
    private int _epoch = 1;
    private bool _rootShared;

    public int Count { get; private set; }

    public ref readonly T this[int index] => ref _pages[index >> pageBits][index & ((1 << pageBits) - 1)];

    /// <summary>The element, free to be changed until the next <see cref="Snapshot"/>.</summary>
    public ref T Writable(int index)
    {
        var page = index >> pageBits;
        if (_ownedIn[page] != _epoch)
        {
            OwnRoot();
            _pages[page] = (T[])_pages[page].Clone();
            _ownedIn[page] = _epoch;
        }
        return ref _pages[page][index & ((1 << pageBits) - 1)];
    }

    public int Add(T item)
    {
        var page = Count >> pageBits;
        if (page == _pages.Length)
        {
            var size = Math.Max(4, page * 2);
            Array.Resize(ref _pages, size);
            Array.Resize(ref _ownedIn, size);
            _rootShared = false;
        }
        if (_pages[page] is null)
        {
            // Behind every snapshot's count: no reader looks there, the root needs no copy.
            _pages[page] = new T[1 << pageBits];
            _ownedIn[page] = _epoch;
        }
        // Also behind every snapshot's count.
        _pages[page][Count & ((1 << pageBits) - 1)] = item;
        return Count++;
    }

    public CowSnapshot<T> Snapshot()
    {
        _epoch++;
        _rootShared = true;
        return new CowSnapshot<T>(_pages, Count, pageBits);
    }

    private void OwnRoot()
    {
        if (!_rootShared)
            return;
        _pages = (T[][])_pages.Clone();
        _rootShared = false;
    }
}
