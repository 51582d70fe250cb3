using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Placement;

/// <param name="MaxJoins">Copies that may be filled or compared at a time in the cluster.</param>
/// <param name="MaxJoinsPerNode">The same on one node.</param>
/// <param name="ReplaceAfterMs">How long a node may be away, or a copy be faulted, before its copies are made anew elsewhere.</param>
/// <param name="OpenIncompleteAfterMs">How long a partition may be without any copy in sync before others take its batches and reads become partial.</param>
public sealed record MoveSettings(int MaxJoins = 64, int MaxJoinsPerNode = 4, long ReplaceAfterMs = 30_000, long OpenIncompleteAfterMs = 10_000);

/// <summary>
/// Turns the difference between the map and the placement wanted into commands, a bounded number at a time: a copy is added first and removed when the new one is in
/// sync. Belongs to the control singleton; remembers only since when something is away, so a new singleton waits again. Times are its monotonic milliseconds.
/// </summary>
public sealed class MovePlanner(MoveSettings settings)
{
    private readonly Dictionary<NodeIncarnation, long> _awaySince = [];
    private readonly Dictionary<CopyStint, long> _faultedSince = [];
    private readonly Dictionary<PartitionId, long> _withoutSince = [];
    private IReadOnlySet<NodeIncarnation>? _going;

    /// <summary>Commands to decide one after the other; each is checked again by <see cref="MapDecider"/>. To be called after changes of the map and each second.</summary>
    /// <param name="going">Nodes that the cluster has removed and the map has not yet (<see cref="Membership.RemovalGate.Pending"/>): they get nothing new.</param>
    public IReadOnlyList<MapCommand> Plan(PartitionMap map, long now, IReadOnlySet<NodeIncarnation>? going = null)
    {
        Watch(map, now);
        _going = going;
        var nodes = Eligible(map, now);
        if (!nodes.Any(n => n.MayReceive))
            return [];
        var desired = PlacementRules.Desired(nodes, [.. map.Partitions.Select((p, i) => Current(new PartitionId(i), p, now))], Math.Max(1, map.ReplicasInForce));
        var joins = new JoinBudget(map, settings);
        var commands = new List<MapCommand>();
        // Those with the fewest copies first.
        foreach (var p in Enumerable.Range(0, map.Partitions.Length).OrderBy(p => map.Partitions[p].InSyncCount))
            PlanPartition(map, new PartitionId(p), desired[p], joins, now, commands);
        return commands;
    }

    private void PlanPartition(PartitionMap map, PartitionId id, NodeId[] desired, JoinBudget joins, long now, List<MapCommand> commands)
    {
        var partition = map[id];
        var up = desired.Where(n => Takes(map.Nodes[n])).ToArray();
        if (!partition.IsOpened)
        {
            if (up.Length > 0)
                commands.Add(new OpenFresh(id, [.. up]));
            return;
        }
        if (partition.InSyncCount == 0)
        {
            if (now - _withoutSince[id] >= settings.OpenIncompleteAfterMs && up.Length > 0)
                commands.Add(new OpenIncomplete(id, [.. up]));
            return;
        }
        foreach (var node in up)
            if (partition.OnNode(node) is null or { State: CopyState.Stale } && joins.TryTake(node))
                commands.Add(new StartJoin(id, node));
        foreach (var copy in partition.Copies)
        {
            if (desired.Contains(copy.Node))
                continue;
            var stint = CopyStint.Of(id, copy);
            // One that stops keeps what it has: it may be started again at once, and then lacks little.
            var isKept = map.Nodes[copy.Node] is { Stopping: true, IsUp: true };
            MapCommand? command = copy.State switch
            {
                CopyState.Joining or CopyState.Confirming => new CancelJoin(stint),
                _ when isKept => null,
                CopyState.InSync when WantedInSync() >= Math.Min(up.Length, map.EnoughCopies) => new StartLeave(stint),
                CopyState.Stale when partition.IsComplete && WantedInSync() >= Math.Min(up.Length, map.EnoughCopies) => new GrantDrop(stint),
                _ => null,
            };
            if (command is not null)
                commands.Add(command);
        }

        int WantedInSync() => partition.Copies.Count(c => c.State == CopyState.InSync && desired.Contains(c.Node));
    }

    /// <summary>Nodes that are up and stay, and those that have been away for a moment only.</summary>
    private List<PlacementNode> Eligible(PartitionMap map, long now) =>
    [
        .. map.Nodes.Values
            .Where(n => n.IsStaying && (n.IsUp || now - _awaySince[n.Current] < settings.ReplaceAfterMs))
            .Select(n => new PlacementNode(n.Id, n.Zone, n.Weight, Takes(n))),
    ];

    private bool Takes(MapNode node) => node.IsUp && _going?.Contains(node.Current) != true;

    /// <summary>Copies that count: those being made before those there are, those there are before those that are behind.</summary>
    private List<PlacedCopy> Current(PartitionId id, PartitionState partition, long now)
    {
        var current = new List<PlacedCopy>(partition.Copies.Length);
        foreach (var copy in partition.Copies)
        {
            var rank = copy.State switch
            {
                CopyState.Joining or CopyState.Confirming => 0,
                CopyState.InSync => 1,
                CopyState.Stale or CopyState.Lost or CopyState.Returned => 2,
                CopyState.Faulted when now - _faultedSince[CopyStint.Of(id, copy)] < settings.ReplaceAfterMs => 2,
                _ => -1,
            };
            if (rank >= 0)
                current.Add(new PlacedCopy(copy.Node, rank));
        }
        return current;
    }

    private void Watch(PartitionMap map, long now)
    {
        Note(_awaySince, [.. map.Nodes.Values.Where(n => !n.IsUp).Select(n => n.Current)], now);
        var faulted = new HashSet<CopyStint>();
        var without = new HashSet<PartitionId>();
        for (var p = 0; p < map.Partitions.Length; p++)
        {
            var id = new PartitionId(p);
            foreach (var copy in map.Partitions[p].Copies)
                if (copy.State == CopyState.Faulted)
                    faulted.Add(CopyStint.Of(id, copy));
            if (map.Partitions[p].IsOpened && map.Partitions[p].InSyncCount == 0)
                without.Add(id);
        }
        Note(_faultedSince, faulted, now);
        Note(_withoutSince, without, now);
    }

    private static void Note<T>(Dictionary<T, long> since, HashSet<T> present, long now) where T : notnull
    {
        foreach (var gone in since.Keys.Where(k => !present.Contains(k)).ToArray())
            since.Remove(gone);
        foreach (var key in present)
            since.TryAdd(key, now);
    }

    /// <summary>How many copies may still be started to be filled.</summary>
    private sealed class JoinBudget
    {
        private readonly Dictionary<NodeId, int> _byNode = [];
        private readonly MoveSettings _settings;
        private int _joins;

        public JoinBudget(PartitionMap map, MoveSettings settings)
        {
            _settings = settings;
            foreach (var partition in map.Partitions)
                foreach (var copy in partition.Copies)
                    if (copy.State is CopyState.Joining or CopyState.Confirming)
                        Count(copy.Node);
        }

        public bool TryTake(NodeId node)
        {
            if (_joins >= _settings.MaxJoins || _byNode.GetValueOrDefault(node) >= _settings.MaxJoinsPerNode)
                return false;
            Count(node);
            return true;
        }

        private void Count(NodeId node)
        {
            _joins++;
            _byNode[node] = _byNode.GetValueOrDefault(node) + 1;
        }
    }
}
