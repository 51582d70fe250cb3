using ActorMon.Model.Memory;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// Pages of parts as they are used, least recently used first out, bounded by bytes. One for a node, for all its parts and threads. Readers keep what they hold when
/// it is evicted: the garbage collector frees it after them. Of a node's memory budget it holds what nobody else has reserved.
/// </summary>
public sealed class PartCache : IReclaimable
{
    /// <summary>A shard below this could not hold a few pages.</summary>
    private const long LeastShardBytes = 4 << 20;
    private const int MaxShards = 16;

    private readonly Shard[] _shards;
    private readonly MemoryBudget? _budget;
    private static int _files;

    /// <param name="maxBytes">0: nothing is kept.</param>
    /// <param name="budget">What it takes from, or null: it has its bytes for itself.</param>
    public PartCache(long maxBytes, MemoryBudget? budget = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        MaxBytes = maxBytes;
        _budget = budget;
        var count = 1;
        while (count < MaxShards && maxBytes / (count * 2) >= LeastShardBytes)
            count *= 2;
        _shards = new Shard[count];
        for (var i = 0; i < count; i++)
            _shards[i] = new Shard();
        budget?.Lend(this);
    }

    /// <summary>The bound, whatever the budget has left.</summary>
    public long MaxBytes { get; }

    /// <summary>Bytes held now.</summary>
    public long Bytes => Sum(static shard => Volatile.Read(ref shard.Bytes));

    public long Hits => Sum(static shard => Volatile.Read(ref shard.Hits));

    public long Misses => Sum(static shard => Volatile.Read(ref shard.Misses));

    /// <summary>A number that no other open file of the process has or had.</summary>
    internal static int NextFile() => Interlocked.Increment(ref _files);

    internal object? Find(int file, int page) => ShardOf(file, page).Find(Key(file, page));

    internal void Keep(int file, int page, object content, long bytes) =>
        ShardOf(file, page).Keep(Key(file, page), content, bytes, Math.Min(MaxBytes, _budget?.Left ?? long.MaxValue) / _shards.Length);

    public void ShrinkTo(long bytes)
    {
        foreach (var shard in _shards)
            shard.Trim(bytes / _shards.Length);
    }

    internal void Forget(int file, int pages)
    {
        for (var page = 0; page < pages; page++)
            ShardOf(file, page).Forget(Key(file, page));
    }

    /// <summary>The page's number in the process.</summary>
    internal static long Key(int file, int page) => (long)file << 32 | (uint)page;

    private Shard ShardOf(int file, int page) => _shards[((uint)page * 0x9E3779B1u ^ (uint)file * 0x85EBCA6Bu) >> 16 & (_shards.Length - 1)];

    private long Sum(Func<Shard, long> of)
    {
        long sum = 0;
        foreach (var shard in _shards)
            sum += of(shard);
        return sum;
    }

    private sealed class Shard
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<long, LinkedListNode<Entry>> _entries = [];

        /// <summary>The least recently used is the last.</summary>
        private readonly LinkedList<Entry> _order = new();

        public long Bytes;
        public long Hits;
        public long Misses;

        public object? Find(long key)
        {
            lock (_lock)
            {
                if (!_entries.TryGetValue(key, out var node))
                {
                    Misses++;
                    return null;
                }
                Hits++;
                if (node != _order.First)
                {
                    _order.Remove(node);
                    _order.AddFirst(node);
                }
                return node.Value.Content;
            }
        }

        public void Keep(long key, object content, long bytes, long max)
        {
            // What does not fit alone would only push the others out.
            if (bytes > max)
                return;
            lock (_lock)
            {
                if (_entries.ContainsKey(key))
                    return;
                _entries[key] = _order.AddFirst(new Entry(key, content, bytes));
                Bytes += bytes;
                Evict(max);
            }
        }

        public void Forget(long key)
        {
            lock (_lock)
            {
                if (!_entries.Remove(key, out var node))
                    return;
                _order.Remove(node);
                Bytes -= node.Value.Bytes;
            }
        }

        public void Trim(long max)
        {
            lock (_lock)
                Evict(max);
        }

        private void Evict(long max)
        {
            while (Bytes > max && _order.Last is { } last)
            {
                _order.RemoveLast();
                _entries.Remove(last.Value.Key);
                Bytes -= last.Value.Bytes;
            }
        }
    }

    private readonly record struct Entry(long Key, object Content, long Bytes);
}
