namespace ActorMon.Cluster.Tests;

/// <summary>Where the scrape shards of a cluster in this process run, and whether one ever ran in two places at once: it would scrape its targets twice.</summary>
internal sealed class ShardPlaces
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<string>> _places = [];
    private readonly List<string> _doubled = [];

    public IReadOnlyList<string> Doubled
    {
        get
        {
            lock (_lock)
                return [.. _doubled];
        }
    }

    public void Started(int shard, string node)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(shard, out var places))
                _places.Add(shard, places = []);
            if (places.Count > 0)
                _doubled.Add($"shard {shard} began on {node} while it ran on {string.Join(", ", places)}");
            places.Add(node);
        }
    }

    public void Stopped(int shard, string node)
    {
        lock (_lock)
            _places[shard].Remove(node);
    }

    /// <summary>Shards by node, of those that run.</summary>
    public ILookup<string, int> Now()
    {
        lock (_lock)
            return _places.SelectMany(p => p.Value.Select(node => (node, p.Key))).ToLookup(p => p.node, p => p.Key, StringComparer.Ordinal);
    }
}
