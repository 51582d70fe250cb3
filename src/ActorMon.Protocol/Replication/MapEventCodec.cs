using System.Collections.Immutable;
using System.Runtime.Serialization;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.MapWire;

namespace ActorMon.Protocol.Replication;

/// <summary>Events of the partition map as protobuf (map.proto), the same in the journal, between nodes and in a node's file.</summary>
internal static class MapEventCodec
{
    private const int GuidBytes = 16;

    public static Wire.Event ToWire(MapEvent e) => e switch
    {
        NodeSet m => new Wire.Event { NodeSet = ToWire(m.Node) },
        NodeForgotten m => new Wire.Event { NodeForgotten = ToWire(m.Node.Value) },
        PartitionSet m => new Wire.Event { PartitionSet = ToWire(m) },
        ReplicasSet m => new Wire.Event { ReplicasSet = new Wire.ReplicasSet { Wanted = m.Wanted, InForce = m.InForce } },
        DeletionLogged m => new Wire.Event { DeletionLogged = ToWire(m.Deletion) },
        DeletionsPruned m => new Wire.Event { DeletionsPruned = m.Version },
        _ => throw new ArgumentException($"{e.GetType()} has no wire form", nameof(e)),
    };

    /// <exception cref="SerializationException">A kind of event that this version does not know: the map cannot be followed without it.</exception>
    public static MapEvent FromWire(Wire.Event e) => e.KindCase switch
    {
        Wire.Event.KindOneofCase.NodeSet => new NodeSet(FromWire(e.NodeSet)),
        Wire.Event.KindOneofCase.NodeForgotten => new NodeForgotten(Node(e.NodeForgotten)),
        Wire.Event.KindOneofCase.PartitionSet => FromWire(e.PartitionSet),
        Wire.Event.KindOneofCase.ReplicasSet => new ReplicasSet(e.ReplicasSet.Wanted, e.ReplicasSet.InForce),
        Wire.Event.KindOneofCase.DeletionLogged => new DeletionLogged(FromWire(e.DeletionLogged)),
        Wire.Event.KindOneofCase.DeletionsPruned => new DeletionsPruned(e.DeletionsPruned),
        _ => throw new SerializationException("a change of the partition map of a newer version: update this node"),
    };

    public static ImmutableArray<MapEvent> FromWire(IEnumerable<Wire.Event> events) => [.. events.Select(FromWire)];

    public static Wire.Diff ToWire(MapDiff diff)
    {
        var wire = new Wire.Diff { From = diff.From };
        foreach (var e in diff.Events)
            wire.Events.Add(ToWire(e));
        return wire;
    }

    public static ByteString ToWire(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    /// <exception cref="SerializationException">Not 16 bytes.</exception>
    public static Guid GuidOf(ByteString bytes) =>
        bytes.Length == GuidBytes ? new Guid(bytes.Span, bigEndian: true) : throw new SerializationException($"an id of {bytes.Length} bytes instead of {GuidBytes}");

    public static NodeId Node(ByteString bytes) => new(GuidOf(bytes));

    public static Wire.Node ToWire(MapNode node) => new()
    {
        Id = ToWire(node.Id.Value),
        Incarnation = node.Incarnation,
        State = (int)node.State,
        Zone = node.Zone,
        Weight = node.Weight,
        Draining = node.Draining,
        Address = node.Address,
        LinkAddress = node.LinkAddress,
        Stopping = node.Stopping,
    };

    public static MapNode FromWire(Wire.Node node) => new(
        Node(node.Id), node.Incarnation, (NodeState)node.State, node.Zone, node.Weight, node.Draining, node.Address, node.LinkAddress)
    { Stopping = node.Stopping };

    private static Wire.PartitionSet ToWire(PartitionSet set)
    {
        var wire = new Wire.PartitionSet { Partition = set.Partition.Value, Epoch = set.State.Epoch, Fence = set.State.Fence, RetentionFloor = set.State.RetentionFloor };
        foreach (var copy in set.State.Copies)
            wire.Copies.Add(new Wire.Copy
            {
                Slot = copy.Slot,
                Node = ToWire(copy.Holder.Node.Value),
                Incarnation = copy.Holder.Incarnation,
                State = (int)copy.State,
                Since = copy.Since,
                Admitted = copy.Admitted,
                Merged = copy.Merged,
                Receives = copy.Receives,
            });
        return wire;
    }

    private static PartitionSet FromWire(Wire.PartitionSet wire) => new(
        new PartitionId(wire.Partition),
        new PartitionState(
            wire.Epoch, wire.Fence,
            [.. wire.Copies.Select(FromWire)],
            wire.RetentionFloor));

    private static CopyRecord FromWire(Wire.Copy wire) => new(
        wire.Slot, new NodeIncarnation(Node(wire.Node), wire.Incarnation), (CopyState)wire.State, Since: wire.Since, Receives: wire.Receives, Admitted: wire.Admitted, Merged: wire.Merged);

    private static Wire.Deletion ToWire(Deletion deletion)
    {
        var wire = new Wire.Deletion { Version = deletion.Version, From = deletion.Request.From, To = deletion.Request.To };
        wire.Selectors.AddRange(deletion.Request.Selectors);
        (wire.Id, wire.Undo, wire.Created) = (IdOf(deletion.Request), deletion.Request.IsUndo, deletion.Request.Created);
        return wire;
    }

    private static Deletion FromWire(Wire.Deletion wire) =>
        new(wire.Version, new DeletionRequest([.. wire.Selectors], wire.From, wire.To) { Id = DeletionId(wire.Id), IsUndo = wire.Undo, Created = wire.Created });

    /// <summary>Deletions of older versions have no id.</summary>
    public static ByteString IdOf(DeletionRequest request) => request.Id == Guid.Empty ? ByteString.Empty : ToWire(request.Id);

    public static Guid DeletionId(ByteString id) => id.IsEmpty ? Guid.Empty : GuidOf(id);
}
