using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>Who gets batches, by the map that this node has.</summary>
public sealed class MapHolders(MapView view, int partitions) : IReplicaHolders
{
    private readonly Known?[] _known = new Known?[partitions];

    public long Version => view.Version;

    public event Action? Changed
    {
        add => view.Changed += value;
        remove => view.Changed -= value;
    }

    public PartitionHolders Of(PartitionId partition)
    {
        if (view.Current is not { } map)
            return PartitionHolders.None;
        var state = map[partition];
        var known = Volatile.Read(ref _known[partition.Value]);
        var self = view.Self;
        if (known is not null && ReferenceEquals(known.State, state) && ReferenceEquals(known.Nodes, map.Nodes) && known.Holders.Forgotten == map.Deletions.Pruned && known.Self == self)
            return known.Holders;
        var holders = Build(self, state, map.Nodes) with { Forgotten = map.Deletions.Pruned };
        // Another node has changed: nothing has for this partition.
        if (known is not null && known.Holders.Epoch == holders.Epoch && known.Holders.IsOpen == holders.IsOpen && known.Holders.Forgotten == holders.Forgotten
            && known.Holders.Holders.SequenceEqual(holders.Holders))
            holders = known.Holders;
        Volatile.Write(ref _known[partition.Value], new Known(self, state, map.Nodes, holders));
        return holders;
    }

    /// <summary>All other nodes that are up, in the order of their ids; also such as hold no copy.</summary>
    public IReadOnlyList<LinkPeer> OtherNodes() =>
        view.Current is not { } map ? [] : [.. map.Nodes.Values.Where(node => node.IsUp && node.Id != view.Self.Node).Select(node => PeerOf(node.Current, map.Nodes)).OfType<LinkPeer>()];

    private static PartitionHolders Build(NodeIncarnation self, PartitionState state, ImmutableSortedDictionary<NodeId, MapNode> nodes)
    {
        var holders = new List<ReplicaHolder>();
        // One that cannot be reached is waited for, not left out: it may have to have every batch.
        var isOpen = state.InSyncCount > 0;
        foreach (var copy in state.Receivers)
        {
            var peer = copy.Holder == self ? null : PeerOf(copy.Holder, nodes);
            if (copy.Holder == self || peer is not null)
                holders.Add(new ReplicaHolder(copy.Slot, peer, copy.Receives, copy.IsRequired) { InSync = copy.IsInSync });
            else
                isOpen &= !copy.IsRequired;
        }
        return new PartitionHolders(state.Epoch, isOpen, holders);
    }

    /// <summary>A node in the life that the map names; null: its address is not known.</summary>
    public static LinkPeer? PeerOf(NodeIncarnation holder, ImmutableSortedDictionary<NodeId, MapNode> nodes) =>
        nodes.TryGetValue(holder.Node, out var node) && Uri.TryCreate(node.LinkAddress, UriKind.Absolute, out var address)
            ? new LinkPeer(holder.Node.ToString(), holder.Incarnation, address)
            : null;

    private sealed record Known(NodeIncarnation Self, PartitionState State, ImmutableSortedDictionary<NodeId, MapNode> Nodes, PartitionHolders Holders);
}
