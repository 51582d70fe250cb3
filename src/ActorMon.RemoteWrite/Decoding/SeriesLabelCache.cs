using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ActorMon.RemoteWrite.Decoding;

/// <summary>
/// Remembers the labels of series by their bytes on the wire, so a series that comes again is not parsed again. Two generations: when the young one is full the
/// old one is dropped and the young one grows old; what is used survives. Bounded by entries and bytes. Not thread-safe: one for each decoder.
/// </summary>
public sealed class SeriesLabelCache
{
    public const int DefaultEntries = 65_536;
    public const int DefaultBytes = 32 * 1024 * 1024;

    /// <summary>Longer label bytes are parsed each time.</summary>
    private const int MaxKeyBytes = 8 * 1024;

    private readonly int _entriesPerGeneration;
    private readonly int _bytesPerGeneration;
    private Dictionary<UInt128, Entry> _young = [];
    private Dictionary<UInt128, Entry> _old = [];
    private int _youngBytes;

    /// <param name="maxEntries">Most series remembered, both generations together.</param>
    /// <param name="maxBytes">Most key bytes remembered, both generations together.</param>
    public SeriesLabelCache(int maxEntries = DefaultEntries, int maxBytes = DefaultBytes)
    {
        _entriesPerGeneration = Math.Max(1, maxEntries / 2);
        _bytesPerGeneration = Math.Max(1, maxBytes / 2);
    }

    /// <summary>Series remembered now.</summary>
    public int Count => _young.Count + _old.Count;

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    internal bool TryGet(ReadOnlySpan<byte> key, out SeriesLabels labels)
    {
        var hash = XxHash128.HashToUInt128(key);
        ref var young = ref CollectionsMarshal.GetValueRefOrNullRef(_young, hash);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref young) && young.Key.AsSpan().SequenceEqual(key))
        {
            Hits++;
            labels = young.Labels;
            return true;
        }
        if (_old.Remove(hash, out var old) && old.Key.AsSpan().SequenceEqual(key))
        {
            Hits++;
            labels = old.Labels;
            Add(hash, old);
            return true;
        }
        Misses++;
        labels = default;
        return false;
    }

    internal void Add(ReadOnlySpan<byte> key, SeriesLabels labels)
    {
        if (key.Length <= MaxKeyBytes)
            Add(XxHash128.HashToUInt128(key), new Entry(key.ToArray(), labels));
    }

    private void Add(UInt128 hash, Entry entry)
    {
        if (_young.Count >= _entriesPerGeneration || _youngBytes + entry.Key.Length > _bytesPerGeneration)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngBytes = 0;
        }
        _young[hash] = entry;
        _youngBytes += entry.Key.Length;
    }

    private readonly record struct Entry(byte[] Key, SeriesLabels Labels);
}
