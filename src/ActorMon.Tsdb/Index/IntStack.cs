using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Index;

/// <summary>A stack of numbers in the caller's room, on the heap only when that is too small.</summary>
internal ref struct IntStack(Span<int> room)
{
    private Span<int> _items = room;
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(int item)
    {
        if (_count == _items.Length)
            Grow();
        _items[_count++] = item;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out int item)
    {
        var any = _count > 0;
        item = any ? _items[--_count] : 0;
        return any;
    }

    private void Grow()
    {
        var larger = new int[Math.Max(64, _count * 2)];
        _items.CopyTo(larger);
        _items = larger;
    }
}
