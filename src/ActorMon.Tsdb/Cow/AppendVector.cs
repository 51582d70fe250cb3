namespace ActorMon.Tsdb.Cow;

/// <summary>A growing array whose elements never change once written: one writer, any readers, no lock; a reader knows from elsewhere how far it may look.</summary>
internal sealed class AppendVector<T>(int pageBits)
{
    private T[][] _pages = new T[4][];

    public int Count { get; private set; }

    public ref readonly T this[int index] => ref Volatile.Read(ref _pages)[index >> pageBits][index & ((1 << pageBits) - 1)];

    public int Add(T item)
    {
        var page = Count >> pageBits;
        if (page == _pages.Length)
        {
            var larger = _pages;
            Array.Resize(ref larger, page * 2);
            Volatile.Write(ref _pages, larger);
        }
        _pages[page] ??= new T[1 << pageBits];
        _pages[page][Count & ((1 << pageBits) - 1)] = item;
        return Count++;
    }
}
