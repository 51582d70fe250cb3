using System.IO.Hashing;
using ActorMon.Model.Ingest;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Caching;

/// <summary>
/// TYPE, HELP and UNIT of a target's families. Changes are found by comparing raw bytes; a family stays for ten successful scrapes after it was seen last. A family that
/// changed waits until the partition has confirmed it.
/// </summary>
internal sealed class MetadataCache
{
    private const uint KeptScrapes = 10;

    /// <summary>Families beyond this are not remembered: a target that renames them at every scrape must not fill the node.</summary>
    private const int MaxFamilies = 100_000;

    private readonly Dictionary<byte[], Family> _families;
    private readonly Dictionary<byte[], Family>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly List<Family> _changed = [];
    private readonly Family _start = new([]);
    private Family _current;
    private uint _lastPruned;

    public MetadataCache()
    {
        _families = new Dictionary<byte[], Family>(BytesComparer.Instance);
        _byName = _families.GetAlternateLookup<ReadOnlySpan<byte>>();
        _current = _start;
    }

    public int Count => _families.Count;

    public void Begin() => _current = _start;

    public void SetType(ReadOnlySpan<byte> name, MetricType type, uint scrape)
    {
        if (Enter(name, scrape) is not { } family || family.Type == type)
            return;
        family.Type = type;
        Changed(family);
    }

    public void SetHelp(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, uint scrape)
    {
        if (Enter(name, scrape) is not { } family || text.SequenceEqual(family.Help))
            return;
        family.Help = text.ToArray();
        Changed(family);
    }

    public void SetUnit(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, uint scrape)
    {
        if (Enter(name, scrape) is not { } family || text.SequenceEqual(family.Unit))
            return;
        family.Unit = text.ToArray();
        Changed(family);
    }

    /// <summary>Families that are new or changed and not on their way to the partition; they count as on their way from now on.</summary>
    public FamilyMetadata[] TakeChanged()
    {
        if (_changed.Count == 0)
            return [];
        var rows = new FamilyMetadata[_changed.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            _changed[i].Waiting = false;
            rows[i] = new FamilyMetadata(ByteText.Decode(_changed[i].Name), _changed[i].Metadata);
        }
        _changed.Clear();
        return rows;
    }

    /// <summary>Rows did not arrive: they are handed out again.</summary>
    public void GiveBack(FamilyMetadata[] rows)
    {
        foreach (var row in rows)
            if (_byName.TryGetValue(ByteText.Encode(row.Family), out var family))
                Changed(family);
    }

    /// <summary>Hands out everything again: the partition may have none of it.</summary>
    public void GiveBackAll()
    {
        foreach (var family in _families.Values)
            Changed(family);
    }

    /// <summary>Forgets families not seen for ten scrapes.</summary>
    public void Prune(uint scrape)
    {
        // Looking at every family at every scrape would cost more than it frees.
        if (scrape - _lastPruned < KeptScrapes / 2)
            return;
        _lastPruned = scrape;
        foreach (var (name, family) in _families)
            if (scrape - family.LastScrape > KeptScrapes)
            {
                _families.Remove(name);
                _changed.Remove(family);
                family.Forgotten = true;
            }
    }

    public FamilyMetadata[] List()
    {
        var rows = new FamilyMetadata[_families.Count];
        var i = 0;
        foreach (var family in _families.Values)
            rows[i++] = new FamilyMetadata(ByteText.Decode(family.Name), family.Metadata);
        return rows;
    }

    private Family? Enter(ReadOnlySpan<byte> name, uint scrape)
    {
        if (!name.SequenceEqual(_current.Name) || ReferenceEquals(_current, _start))
        {
            // A family follows the same family as at the last scrape, so its name is compared once and hashed never.
            var follower = _current.Follower;
            if (follower is null || follower.Forgotten || !name.SequenceEqual(follower.Name))
            {
                follower = FindOrAdd(name);
                if (follower is null)
                    return null;
                _current.Follower = follower;
            }
            _current = follower;
        }
        _current.LastScrape = scrape;
        return _current;
    }

    private Family? FindOrAdd(ReadOnlySpan<byte> name)
    {
        if (_byName.TryGetValue(name, out var family))
            return family;
        if (_families.Count >= MaxFamilies)
            return null;
        family = new Family(name.ToArray());
        _families.Add(family.Name, family);
        Changed(family);
        return family;
    }

    private void Changed(Family family)
    {
        if (family.Waiting)
            return;
        family.Waiting = true;
        _changed.Add(family);
    }

    private sealed class Family(byte[] name)
    {
        public byte[] Name { get; } = name;
        public MetricType Type;
        public byte[] Help = [];
        public byte[] Unit = [];
        public uint LastScrape;
        public bool Waiting;
        public bool Forgotten;
        public Family? Follower;

        public MetricMetadata Metadata => new(Type, ByteText.Decode(Help), ByteText.Decode(Unit));
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);
    }
}
