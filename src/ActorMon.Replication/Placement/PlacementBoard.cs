using ActorMon.Replication.Map;

namespace ActorMon.Replication.Placement;

/// <summary>The working state of one placement: who holds what, and the nodes in the order of their load, by zone. Nodes and partitions are indexes.</summary>
internal sealed class PlacementBoard
{
    private readonly IReadOnlyList<PlacementNode> _nodes;
    private readonly IReadOnlyList<int>? _loads;
    private readonly Dictionary<NodeId, int> _indexes = [];
    private readonly List<int>[] _members;
    private readonly SortedSet<int>[] _held;
    private readonly long[] _load;
    private readonly int[] _zone;
    private readonly double _usualLoad;
    private readonly SortedSet<(double RatioAfter, int Node)>[] _receiving;
    private readonly SortedSet<(double Ratio, int Node)> _givers = [];

    public PlacementBoard(IReadOnlyList<PlacementNode> nodes, int partitions, IReadOnlyList<int>? loads)
    {
        (_nodes, _loads) = (nodes, loads);
        _usualLoad = loads is null ? 1 : loads.Average();
        _members = [.. Enumerable.Range(0, partitions).Select(_ => new List<int>(4))];
        _held = [.. nodes.Select(_ => new SortedSet<int>())];
        _load = new long[nodes.Count];
        _zone = new int[nodes.Count];
        var zones = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var n = 0; n < nodes.Count; n++)
        {
            _indexes[nodes[n].Id] = n;
            if (!zones.TryGetValue(nodes[n].Zone, out _zone[n]))
                zones.Add(nodes[n].Zone, _zone[n] = zones.Count);
        }
        _receiving = [.. zones.Select(_ => new SortedSet<(double, int)>())];
        for (var n = 0; n < nodes.Count; n++)
            Enter(n);
    }

    public int IndexOf(NodeId node) => _indexes.GetValueOrDefault(node, -1);

    public List<int> Members(int partition) => _members[partition];

    public IEnumerable<int> PartitionsOn(int node) => _held[node];

    /// <summary>Load by weight.</summary>
    public double Ratio(int node) => (double)_load[node] / _nodes[node].Weight;

    public void Add(int partition, int node) => Change(partition, node, true);

    public void Remove(int partition, int node) => Change(partition, node, false);

    public bool SharesZone(int partition, int node) => WouldShareZone(partition, node, node);

    /// <summary>True when a copy on the node would share its zone with a copy of the partition other than the one on <paramref name="except"/>.</summary>
    public bool WouldShareZone(int partition, int node, int except)
    {
        foreach (var member in _members[partition])
            if (member != except && member != node && _zone[member] == _zone[node])
                return true;
        return false;
    }

    /// <summary>True when the move leaves the target less loaded than the source was.</summary>
    public bool Improves(int partition, int from, int to) => (double)(_load[to] + Load(partition)) / _nodes[to].Weight < Ratio(from) - 1e-9;

    /// <summary>The node that would be least loaded by one more copy of the partition, in a zone without a copy if there is one; -1: no node is left.</summary>
    /// <param name="instead">A copy that would go, or -1.</param>
    public int Emptiest(int partition, int instead)
    {
        var (best, bestShares, bestRatio) = (-1, true, double.MaxValue);
        foreach (var zone in _receiving)
        {
            foreach (var (_, node) in zone)
            {
                if (_members[partition].Contains(node))
                    continue;
                var shares = WouldShareZone(partition, node, instead);
                var ratio = (double)(_load[node] + Load(partition)) / _nodes[node].Weight;
                if (best < 0 || (bestShares && !shares) || (bestShares == shares && (ratio < bestRatio || (ratio == bestRatio && node < best))))
                    (best, bestShares, bestRatio) = (node, shares, ratio);
                break;
            }
        }
        return best;
    }

    /// <summary>The most loaded node that was not set aside, -1: none.</summary>
    public int Fullest() => _givers.Count == 0 ? -1 : _givers.Max.Node;

    public void SetAside(int node) => _givers.Remove((Ratio(node), node));

    private long Load(int partition) => _loads is null ? 1 : Math.Max(1, _loads[partition]);

    private void Change(int partition, int node, bool added)
    {
        if (added && _members[partition].Contains(node))
            return;
        var wasGiver = _givers.Remove((Ratio(node), node));
        _receiving[_zone[node]].Remove((RatioAfter(node), node));
        if (added)
        {
            _members[partition].Add(node);
            _held[node].Add(partition);
            _load[node] += Load(partition);
        }
        else
        {
            _members[partition].Remove(node);
            _held[node].Remove(partition);
            _load[node] -= Load(partition);
        }
        if (wasGiver)
            _givers.Add((Ratio(node), node));
        if (_nodes[node].MayReceive)
            _receiving[_zone[node]].Add((RatioAfter(node), node));
    }

    /// <summary>Load by weight with one more copy of the usual size: by this the emptiest node is found, as weights differ.</summary>
    private double RatioAfter(int node) => (_load[node] + _usualLoad) / _nodes[node].Weight;

    private void Enter(int node)
    {
        _givers.Add((Ratio(node), node));
        if (_nodes[node].MayReceive)
            _receiving[_zone[node]].Add((RatioAfter(node), node));
    }
}
