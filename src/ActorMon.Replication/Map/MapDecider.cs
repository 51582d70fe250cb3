using System.Collections.Immutable;
using ActorMon.Model.Sharding;

namespace ActorMon.Replication.Map;

/// <summary>
/// The rules of the map: what a command changes. The events of one decision are persisted in one piece and applied before the next command is decided. Commands may
/// come late, twice or never: each names the state it is about, and one about another state changes nothing.
/// </summary>
public static class MapDecider
{
    public static MapDecision Decide(PartitionMap map, MapCommand command) => command switch
    {
        NodeUp c => Up(map, c),
        NodeRemoved c => Removed(map, c),
        ForgetNode c => Forget(map, c),
        Drain c => Drain(map, c),
        BeginStop c => map.IsUp(c.Node) && !map.Nodes[c.Node.Node].Stopping ? MapDecision.Of(new NodeSet(map.Nodes[c.Node.Node] with { Stopping = true })) : MapDecision.Nothing,
        SetReplicas c => Replicas(map, c),
        OpenFresh c => Open(map, c.Partition, c.Nodes, CopyState.InSync, !map[c.Partition].IsOpened),
        OpenIncomplete c => Open(map, c.Partition, c.Nodes, CopyState.Opening, map[c.Partition].IsOpened && map[c.Partition].InSyncCount == 0),
        StartJoin c => Join(map, c),
        CancelJoin c => When(map, c.Copy, copy => copy.State is CopyState.Joining or CopyState.Confirming ? CopyState.Stale : null),
        StartLeave c => When(map, c.Copy, copy => copy.State == CopyState.InSync && MayGo(map, c.Copy) ? CopyState.Leaving : null),
        GrantDrop c => Grant(map, c.Copy),
        CaughtUp c => When(map, c.Copy, copy => copy.State == CopyState.Joining && map[c.Copy.Partition].InSyncCount > 0 ? CopyState.Confirming : null),
        Verified c => Verified(map, c.Copy),
        MergedAwaited c => Merged(map, c),
        SteppedOut c => When(map, c.Copy, copy => AfterStepOut(map, c, copy)),
        CopyRepaired c => When(map, c.Copy, copy => copy.State switch
        {
            CopyState.Faulted => CopyState.Stale,
            CopyState.Lost when c.Epoch >= copy.Admitted => CopyState.Returned,
            _ => null,
        }),
        CopyDropped c => Known(map, c.Copy) is { State: CopyState.Dropping } ? One(map, c.Copy.Partition, map[c.Copy.Partition].Without(c.Copy.Slot)) : MapDecision.Nothing,
        ForgetAwaited c => One(map, c.Partition, map[c.Partition].ForgetAwaited()),
        RaiseFloor c => c.Floor > map[c.Partition].RetentionFloor ? One(map, c.Partition, map[c.Partition] with { RetentionFloor = c.Floor }) : MapDecision.Nothing,
        // Sent again: it has its place already.
        LogDeletion c when map.Deletions.Entries.Any(e => e.Request.IsSame(c.Request)) => MapDecision.Nothing,
        LogDeletion c => map.Deletions.IsFull
            ? MapDecision.Refused($"{map.Deletions.Entries.Length} deletions wait for copies that have not applied them; a copy that will not return can be given up with its node")
            : MapDecision.Of(new DeletionLogged(map.Deletions.Next(c.Request))),
        PruneDeletions c => Math.Min(c.Version, map.Deletions.Version) > map.Deletions.Pruned ? MapDecision.Of(new DeletionsPruned(c.Version)) : MapDecision.Nothing,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command the map does not know"),
    };

    /// <summary>True when enough other copies are in sync, the partition is complete, and none of the others, nor its node, is about to go.</summary>
    private static bool MayGo(PartitionMap map, CopyStint copy)
    {
        var partition = map[copy.Partition];
        return partition.IsComplete && partition.Copies.Count(c => c.State == CopyState.InSync && c.Slot != copy.Slot && !map.Nodes[c.Node].Stopping) >= map.EnoughCopies;
    }

    private static CopyState? AfterStepOut(PartitionMap map, SteppedOut report, CopyRecord copy)
    {
        if (!copy.IsReceiver)
            return null;
        if (map[report.Copy.Partition].IsLastInSync(copy))
            return CopyState.Lost;
        if (report.Failed)
            return CopyState.Faulted;
        return copy.State == CopyState.Leaving && MayGo(map, report.Copy) ? CopyState.Dropping : CopyState.Stale;
    }

    private static MapDecision Up(PartitionMap map, NodeUp command)
    {
        var node = command.Node;
        var held = new Dictionary<PartitionId, long>();
        foreach (var copy in command.Held)
            held[copy.Partition] = copy.Epoch;
        map.Nodes.TryGetValue(node.Id, out var known);
        if (known is not null && known.Incarnation == node.Incarnation)
            return known.IsUp ? MapDecision.Nothing : MapDecision.Refused($"node {node.Id} was removed in this life; it has to join again in a new one");
        var events = new List<MapEvent>();
        for (var p = 0; p < map.Partitions.Length; p++)
        {
            var (before, id) = (map.Partitions[p], new PartitionId(p));
            var after = before;
            if (known is { IsUp: true } && after.OnNode(node.Id) is { } copy)
                after = after.HolderGone(copy);
            after = after.HolderBack(node.Current, held.TryGetValue(id, out var epoch) ? epoch : null);
            if (!ReferenceEquals(after, before))
                events.Add(new PartitionSet(id, after));
        }
        // The node last: a journal that ends within these events leaves it to be decided again.
        events.Add(new NodeSet(node with { State = NodeState.Up, Draining = false, Stopping = false }));
        var holders = map.UpNodes.Count(n => n.Weight > 0 && n.Id != node.Id) + (node.Weight > 0 ? 1 : 0);
        if (Math.Min(map.Replicas, holders) > map.ReplicasInForce)
            events.Add(new ReplicasSet(map.Replicas, Math.Min(map.Replicas, holders)));
        return new MapDecision([.. events], null);
    }

    private static MapDecision Removed(PartitionMap map, NodeRemoved command)
    {
        if (!map.IsUp(command.Node))
            return MapDecision.Nothing;
        var events = new List<MapEvent>();
        foreach (var (partition, copy) in map.CopiesOn(command.Node.Node))
            if (map[partition].HolderGone(copy) is var after && !ReferenceEquals(after, map[partition]))
                events.Add(new PartitionSet(partition, after));
        events.Add(new NodeSet(map.Nodes[command.Node.Node] with { State = NodeState.Away }));
        return new MapDecision([.. events], null);
    }

    private static MapDecision Forget(PartitionMap map, ForgetNode command)
    {
        if (!map.Nodes.TryGetValue(command.Node, out var node))
            return MapDecision.Nothing;
        if (node.IsUp)
            return MapDecision.Refused($"node {node.Id} is up; only a node that is away can be given up");
        var copies = map.CopiesOn(node.Id).ToArray();
        if (copies.FirstOrDefault(c => c.Copy.IsAwaited) is { Copy: not null } awaited)
            return MapDecision.Refused($"partition {awaited.Partition} waits for the copy on node {node.Id}; give up the copies that the partition waits for first");
        return new MapDecision([.. copies.Select(c => new PartitionSet(c.Partition, map[c.Partition].Without(c.Copy.Slot))), new NodeForgotten(node.Id)], null);
    }

    private static MapDecision Drain(PartitionMap map, Drain command) =>
        !map.Nodes.TryGetValue(command.Node, out var node) ? MapDecision.Refused($"node {command.Node} is unknown")
        : node.Draining == command.On ? MapDecision.Nothing
        : MapDecision.Of(new NodeSet(node with { Draining = command.On }));

    private static MapDecision Replicas(PartitionMap map, SetReplicas command)
    {
        if (command.Replicas is < 1 or > PartitionMap.MaxReplicas)
            return MapDecision.Refused($"{command.Replicas} replicas: 1 to {PartitionMap.MaxReplicas} are possible");
        var inForce = Math.Clamp(map.UpNodes.Count(n => n.Weight > 0), Math.Min(map.ReplicasInForce, command.Replicas), command.Replicas);
        return command.Replicas == map.Replicas && inForce == map.ReplicasInForce ? MapDecision.Nothing : MapDecision.Of(new ReplicasSet(command.Replicas, inForce));
    }

    private static MapDecision Open(PartitionMap map, PartitionId partition, ImmutableArray<NodeId> nodes, CopyState state, bool may)
    {
        if (!may || nodes.IsEmpty)
            return MapDecision.Nothing;
        var holders = new List<NodeIncarnation>();
        foreach (var id in nodes)
            if (map.Nodes.TryGetValue(id, out var node) && node.IsUp && map[partition].OnNode(id)?.State is null or CopyState.Stale or CopyState.Joining or CopyState.Confirming)
                holders.Add(node.Current);
        return holders.Count == 0 ? MapDecision.Nothing : One(map, partition, map[partition].Open(holders.ToArray(), state));
    }

    private static MapDecision Join(PartitionMap map, StartJoin command)
    {
        var partition = map[command.Partition];
        if (!map.Nodes.TryGetValue(command.Node, out var node) || !node.IsUp || !partition.IsOpened)
            return MapDecision.Nothing;
        var copy = partition.OnNode(node.Id);
        var slot = copy?.Slot ?? partition.FreeSlot();
        if (copy is not null && copy.State != CopyState.Stale)
            return MapDecision.Nothing;
        return slot < 0
            ? MapDecision.Refused($"partition {command.Partition} has {PartitionState.Slots} copies, the most there can be")
            : One(map, command.Partition, partition.With(new CopyRecord(slot, node.Current, CopyState.Joining, 0)));
    }

    private static MapDecision Grant(PartitionMap map, CopyStint stint)
    {
        if (Known(map, stint) is not { State: CopyState.Stale } copy || !MayGo(map, stint))
            return MapDecision.Nothing;
        var partition = map[stint.Partition];
        // Nobody is there to delete: the node tells what it holds when it is back.
        return One(map, stint.Partition, map.IsUp(copy.Holder) ? partition.With(copy with { State = CopyState.Dropping }) : partition.Without(copy.Slot));
    }

    private static MapDecision Merged(PartitionMap map, MergedAwaited command)
    {
        if (Known(map, command.Copy) is not { IsInSync: true } copy || Known(map, command.Awaited) is not { State: CopyState.Returned } awaited)
            return MapDecision.Nothing;
        return One(map, command.Copy.Partition, map[command.Copy.Partition].With(copy with { Merged = copy.Merged | 1 << awaited.Slot }));
    }

    private static MapDecision Verified(PartitionMap map, CopyStint stint) => Known(map, stint) switch
    {
        { State: CopyState.Confirming } copy when map[stint.Partition].InSyncCount > 0 => One(map, stint.Partition, map[stint.Partition].With(copy with { State = CopyState.InSync })),
        { State: CopyState.Opening } copy => One(map, stint.Partition, map[stint.Partition].With(copy with { State = CopyState.InSync })),
        { State: CopyState.InSync, Admitted: 0 } copy => One(map, stint.Partition, map[stint.Partition].With(copy with { Admitted = copy.Since })),
        _ => MapDecision.Nothing,
    };

    private static MapDecision When(PartitionMap map, CopyStint stint, Func<CopyRecord, CopyState?> next) =>
        Known(map, stint) is { } copy && next(copy) is { } state
            ? One(map, stint.Partition, map[stint.Partition].With(copy with { State = state }))
            : MapDecision.Nothing;

    private static CopyRecord? Known(PartitionMap map, CopyStint stint) =>
        map[stint.Partition].OnSlot(stint.Slot) is { } copy && copy.Holder == stint.Holder && copy.Since == stint.Since ? copy : null;

    private static MapDecision One(PartitionMap map, PartitionId id, PartitionState after) =>
        map[id].ContentEquals(after) ? MapDecision.Nothing : MapDecision.Of(new PartitionSet(id, after));
}
