using System.IO.Hashing;
using System.Runtime.CompilerServices;
using ActorMon.Model.Metadata;

namespace ActorMon.Scraping.Caching;

/// <summary>
/// The scrape cache of one target: raw series keys of the last scrapes in one byte arena, in the order they were exposed. A scrape that exposes the same series in the
/// same order costs one comparison of bytes a series; one that does not costs a hash lookup where it differs. About 36 bytes a series beside its key. Changes of a failed
/// scrape are taken back. Entries are indexes, valid until <see cref="Commit"/>.
/// </summary>
internal sealed class SeriesCache
{
    /// <summary>The cache may hold this many entries beyond twice those of the last scrape before it forgets what was not in it.</summary>
    private const int FlushSlack = 1000;

    private byte[] _arena = [];
    private int _arenaUsed;
    private SeriesEntry[] _entries = [];
    private int _count;
    private int[] _buckets = [-1];
    private int[] _order = [];
    private int _orderCount;
    private int[] _newOrder = [];
    private int _seen;
    private int _cursor;
    private bool _diverged;
    private int _committedCount;
    private int _committedArena;

    /// <summary>Number of the running (or last) scrape, from 1.</summary>
    public uint Scrape { get; private set; }

    /// <summary>The last scrape that succeeded; entries last seen before it count as new when they come again.</summary>
    public uint LastSuccess { get; private set; }

    public int Count => _count;

    /// <summary>Entries below were there before the running scrape.</summary>
    public int CommittedCount => _committedCount;

    /// <summary>Bytes of memory held.</summary>
    public long Bytes => _arena.Length + (long)_entries.Length * Unsafe.SizeOf<SeriesEntry>() + sizeof(int) * (long)(_buckets.Length + _order.Length + _newOrder.Length);

    public ref SeriesEntry this[int entry]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _entries[entry];
    }

    public ReadOnlySpan<byte> Key(int entry)
    {
        ref var found = ref _entries[entry];
        return _arena.AsSpan(found.KeyStart, found.KeyLength);
    }

    /// <summary>Starts a scrape.</summary>
    public void Begin()
    {
        Scrape++;
        _cursor = 0;
        _seen = 0;
        _diverged = false;
        _committedCount = _count;
        _committedArena = _arenaUsed;
    }

    /// <summary>The entry that follows if the order is that of the last scrape, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Expected() => _cursor < _orderCount ? _order[_cursor] : -1;

    /// <summary>Takes the expected entry: it came. To be called before the entry's LastScrape is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeExpected(int entry)
    {
        if (!_diverged)
            _seen++;
        else if (_entries[entry].LastScrape != Scrape)
            Record(entry);
        _cursor++;
    }

    /// <summary>The entry of a key, or -1; records nothing.</summary>
    public int Find(ReadOnlySpan<byte> key) => Find(key, (uint)XxHash3.HashToUInt64(key));

    /// <summary>Finds the entry of a key that came out of order, or makes one; <paramref name="added"/> tells which.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> key, out bool added)
    {
        var hash = (uint)XxHash3.HashToUInt64(key);
        var entry = Find(key, hash);
        added = entry < 0;
        if (added)
            entry = Add(key, hash);
        if (!added && _entries[entry].LastScrape == Scrape)
            return entry;
        if (!added && _cursor < _orderCount && _order[_cursor] == entry)
        {
            TakeExpected(entry);
            return entry;
        }
        Diverge();
        var position = _entries[entry].Position;
        // After a gap or a move the series that follow are most likely those that followed last time.
        if (!added && position < _orderCount && _order[position] == entry)
            _cursor = position + 1;
        Record(entry);
        return entry;
    }

    /// <summary>Keeps what the scrape brought and makes its order the expected one. True when entries were forgotten: indexes have changed.</summary>
    public bool Commit()
    {
        LastSuccess = Scrape;
        if (_diverged)
            (_order, _newOrder) = (_newOrder, _order);
        _orderCount = _seen;
        if (_count <= 2 * _seen + FlushSlack)
            return false;
        KeepOnlyOrder();
        return true;
    }

    /// <summary>Takes back what a failed scrape brought.</summary>
    public void Rollback()
    {
        for (var entry = _count - 1; entry >= _committedCount; entry--)
            // The newest entry is always the head of its chain.
            _buckets[BucketOf(_entries[entry].Hash)] = _entries[entry].Next;
        _count = _committedCount;
        _arenaUsed = _committedArena;
        if (!_diverged)
            return;
        for (var i = 0; i < _orderCount; i++)
            _entries[_order[i]].Position = i;
    }

    /// <summary>Forgets every series: their labels would come out differently from now on.</summary>
    public void Clear()
    {
        _count = _arenaUsed = _orderCount = _cursor = _seen = 0;
        _committedCount = _committedArena = 0;
        _arena = [];
        _entries = [];
        _order = [];
        _newOrder = [];
        _buckets = [-1];
    }

    private int Find(ReadOnlySpan<byte> key, uint hash)
    {
        for (var entry = _buckets[BucketOf(hash)]; entry >= 0; entry = _entries[entry].Next)
            if (_entries[entry].Hash == hash && Key(entry).SequenceEqual(key))
                return entry;
        return -1;
    }

    private int Add(ReadOnlySpan<byte> key, uint hash)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, Grown(_count));
        if (_count >= _buckets.Length)
            Rehash();
        if (_arenaUsed + key.Length > _arena.Length)
            Array.Resize(ref _arena, (int)Math.Min(Array.MaxLength, Math.Max(_arenaUsed + (long)key.Length, _arena.Length + (_arena.Length >> 1))));
        key.CopyTo(_arena.AsSpan(_arenaUsed));
        ref var bucket = ref _buckets[BucketOf(hash)];
        _entries[_count] = new SeriesEntry
        {
            KeyStart = _arenaUsed,
            KeyLength = key.Length,
            Hash = hash,
            Next = bucket,
            Slot = -1,
            Loose = -1,
            Type = MetricType.Unknown,
        };
        bucket = _count;
        _arenaUsed += key.Length;
        return _count++;
    }

    private static int Grown(int count) => Math.Max(64, count + (count >> 1));

    private int BucketOf(uint hash) => (int)(hash & (uint)(_buckets.Length - 1));

    private void Rehash()
    {
        _buckets = new int[Math.Max(64, _buckets.Length * 2)];
        Array.Fill(_buckets, -1);
        // Ascending, so that newer entries stay in front of older ones.
        for (var entry = 0; entry < _count; entry++)
        {
            ref var bucket = ref _buckets[BucketOf(_entries[entry].Hash)];
            _entries[entry].Next = bucket;
            bucket = entry;
        }
    }

    private void Diverge()
    {
        if (_diverged)
            return;
        _diverged = true;
        if (_newOrder.Length < _seen)
            _newOrder = new int[Math.Max(_order.Length, _seen)];
        _order.AsSpan(0, _seen).CopyTo(_newOrder);
    }

    private void Record(int entry)
    {
        if (_seen == _newOrder.Length)
            Array.Resize(ref _newOrder, Grown(_seen));
        _entries[entry].Position = _seen;
        _newOrder[_seen++] = entry;
    }

    /// <summary>Rebuilds everything from the last scrape alone, keys in its order.</summary>
    private void KeepOnlyOrder()
    {
        var entries = new SeriesEntry[_orderCount];
        long bytes = 0;
        for (var i = 0; i < _orderCount; i++)
            bytes += _entries[_order[i]].KeyLength;
        var arena = new byte[bytes];
        var used = 0;
        for (var i = 0; i < _orderCount; i++)
        {
            Key(_order[i]).CopyTo(arena.AsSpan(used));
            entries[i] = _entries[_order[i]];
            entries[i].KeyStart = used;
            entries[i].Position = i;
            used += entries[i].KeyLength;
        }
        for (var i = 0; i < _orderCount; i++)
            _order[i] = i;
        (_entries, _arena, _arenaUsed, _count) = (entries, arena, used, _orderCount);
        Array.Resize(ref _order, _orderCount);
        _newOrder = [];
        var buckets = 64;
        while (buckets < _count)
            buckets *= 2;
        _buckets = new int[buckets / 2];
        Rehash();
    }
}
