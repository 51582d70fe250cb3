using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Links;

/// <summary>
/// Who gets batches, by the partition map as this node has it. <see cref="Use"/> belongs to whoever follows the map; all else any thread.
/// </summary>
/// <param name="self">This node in this life.</param>
/// <param name="partitions">P.</param>
public sealed class MapHolders(NodeIncarnation self, int partitions) : IReplicaHolders
{
    /// <summary>For a node whose address the map does not know: it cannot be reached, but is waited for.</summary>
    private static readonly Uri Nowhere = new("http://0.0.0.0:9");

    private PartitionHolders[] _holders = [.. Enumerable.Repeat(PartitionHolders.None, partitions)];
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public event Action? Changed;

    public PartitionHolders Of(PartitionId partition) => Volatile.Read(ref _holders)[partition.Value];

    /// <summary>Goes by a newer map.</summary>
    public void Use(PartitionMap map)
    {
        var peers = new Dictionary<NodeIncarnation, LinkPeer>();
        var holders = new PartitionHolders[partitions];
        for (var p = 0; p < holders.Length; p++)
        {
            var state = map.Partitions[p];
            PartitionHolders now = new(state.Epoch, state.InSyncCount > 0, [.. state.Receivers.Select(copy => HolderOf(copy, map, peers))]);
            var before = _holders[p];
            holders[p] = before.Epoch == now.Epoch && before.IsOpen == now.IsOpen && before.Holders.SequenceEqual(now.Holders) ? before : now;
        }
        Volatile.Write(ref _holders, holders);
        Volatile.Write(ref _version, map.Version);
        Changed?.Invoke();
    }

    private ReplicaHolder HolderOf(CopyRecord copy, PartitionMap map, Dictionary<NodeIncarnation, LinkPeer> peers)
    {
        LinkPeer? peer = null;
        if (copy.Holder != self && !peers.TryGetValue(copy.Holder, out peer))
        {
            var address = map.Nodes.TryGetValue(copy.Node, out var node) && Uri.TryCreate(node.LinkAddress, UriKind.Absolute, out var known) ? known : Nowhere;
            peers[copy.Holder] = peer = new LinkPeer(copy.Node.ToString(), copy.Holder.Incarnation, address);
        }
        return new ReplicaHolder(copy.Slot, peer, copy.Receives, copy.IsRequired) { InSync = copy.IsInSync };
    }
}
