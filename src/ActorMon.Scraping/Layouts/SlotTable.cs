using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;

namespace ActorMon.Scraping.Layouts;

/// <summary>
/// The slots of one layout, found by the StableHash of their labels (64 bits: within one target that is identity). Append-only but for <see cref="Truncate"/>.
/// Labels are kept only until the partition has confirmed the slot. About 17 bytes a slot.
/// </summary>
internal sealed class SlotTable
{
    private ulong[] _hashes = [];
    private int[] _next = [];
    private int[] _buckets = [-1];
    private readonly List<LabelSet> _unconfirmed = [];

    public int Count { get; private set; }

    /// <summary>Slots below are known to the partition.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Folded over all slots (<see cref="LayoutHash"/>).</summary>
    public ulong ContentHash { get; private set; }

    public long Bytes => (_hashes.Length * sizeof(ulong)) + ((_next.Length + (long)_buckets.Length) * sizeof(int));

    public int Find(ulong hash)
    {
        for (var slot = _buckets[BucketOf(hash)]; slot >= 0; slot = _next[slot])
            if (_hashes[slot] == hash)
                return slot;
        return -1;
    }

    public int Add(ulong hash, LabelSet labels)
    {
        if (Count == _hashes.Length)
        {
            var size = Math.Max(64, Count + (Count >> 1));
            Array.Resize(ref _hashes, size);
            Array.Resize(ref _next, size);
        }
        if (Count >= _buckets.Length)
            Rehash();
        ref var bucket = ref _buckets[BucketOf(hash)];
        _hashes[Count] = hash;
        _next[Count] = bucket;
        bucket = Count;
        _unconfirmed.Add(labels);
        ContentHash = LayoutHash.Append(ContentHash, hash);
        return Count++;
    }

    /// <summary>Labels of the slots from <see cref="Confirmed"/> on.</summary>
    public LabelSet[] Unconfirmed() => _unconfirmed.Count == 0 ? [] : [.. _unconfirmed];

    /// <summary>The partition has registered the slots below <paramref name="slots"/>.</summary>
    public void Confirm(int slots)
    {
        var count = Math.Min(slots, Count) - Confirmed;
        if (count <= 0)
            return;
        _unconfirmed.RemoveRange(0, count);
        if (_unconfirmed.Count == 0)
            _unconfirmed.Capacity = 0;
        Confirmed += count;
    }

    /// <summary>Takes back the slots from <paramref name="count"/> on, which were never sent.</summary>
    public void Truncate(int count, ulong contentHash)
    {
        for (var slot = Count - 1; slot >= count; slot--)
            _buckets[BucketOf(_hashes[slot])] = _next[slot];
        _unconfirmed.RemoveRange(count - Confirmed, Count - count);
        Count = count;
        ContentHash = contentHash;
    }

    private int BucketOf(ulong hash) => (int)(hash & (ulong)(_buckets.Length - 1));

    private void Rehash()
    {
        _buckets = new int[Math.Max(64, _buckets.Length * 2)];
        Array.Fill(_buckets, -1);
        // Ascending, so that the newest slot stays the head of its chain.
        for (var slot = 0; slot < Count; slot++)
        {
            ref var bucket = ref _buckets[BucketOf(_hashes[slot])];
            _next[slot] = bucket;
            bucket = slot;
        }
    }
}
