using System.Runtime.Serialization;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using static ActorMon.Protocol.Replication.MapProtocol;
using Wire = ActorMon.Protocol.Serialization.MapWire;

namespace ActorMon.Protocol.Replication;

/// <summary>Commands that nodes send to the partition map. What Control decides by itself (members, joins, grants) is no message.</summary>
internal static class MapCommandCodec
{
    public static Wire.Command ToWire(DoMapCommand message)
    {
        var wire = new Wire.Command { Correlation = message.Correlation };
        switch (message.Command)
        {
            case CaughtUp c:
                wire.CaughtUp = ToWire(c.Copy);
                break;
            case Verified c:
                wire.Verified = ToWire(c.Copy);
                break;
            case MergedAwaited c:
                wire.MergedAwaited = new Wire.MergedAwaited { Copy = ToWire(c.Copy), Awaited = ToWire(c.Awaited) };
                break;
            case SteppedOut c:
                wire.SteppedOut = new Wire.SteppedOut { Copy = ToWire(c.Copy), Failed = c.Failed };
                break;
            case CopyRepaired c:
                wire.CopyRepaired = new Wire.CopyRepaired { Copy = ToWire(c.Copy), Epoch = c.Epoch };
                break;
            case CopyDropped c:
                wire.CopyDropped = ToWire(c.Copy);
                break;
            case Drain c:
                wire.Drain = new Wire.Drain { Node = MapEventCodec.ToWire(c.Node.Value), On = c.On };
                break;
            case ForgetNode c:
                wire.ForgetNode = MapEventCodec.ToWire(c.Node.Value);
                break;
            case SetReplicas c:
                wire.SetReplicas = c.Replicas;
                break;
            case ForgetAwaited c:
                wire.ForgetAwaited = c.Partition.Value;
                break;
            case RaiseFloor c:
                wire.RaiseFloor = new Wire.RaiseFloor { Partition = c.Partition.Value, Floor = c.Floor };
                break;
            case LogDeletion c:
                wire.LogDeletion = new Wire.LogDeletion { From = c.Request.From, To = c.Request.To };
                wire.LogDeletion.Selectors.AddRange(c.Request.Selectors);
                (wire.LogDeletion.Id, wire.LogDeletion.Undo, wire.LogDeletion.Created) = (MapEventCodec.IdOf(c.Request), c.Request.IsUndo, c.Request.Created);
                break;
            case BeginStop c:
                wire.BeginStop = new Wire.Life { Node = MapEventCodec.ToWire(c.Node.Node.Value), Incarnation = c.Node.Incarnation };
                break;
            default:
                throw new ArgumentException($"{message.Command.GetType()} is decided by Control alone and never sent", nameof(message));
        }
        return wire;
    }

    public static DoMapCommand FromWire(Wire.Command wire) => new(wire.Correlation, wire.KindCase switch
    {
        Wire.Command.KindOneofCase.CaughtUp => new CaughtUp(FromWire(wire.CaughtUp)),
        Wire.Command.KindOneofCase.Verified => new Verified(FromWire(wire.Verified)),
        Wire.Command.KindOneofCase.MergedAwaited => new MergedAwaited(FromWire(wire.MergedAwaited.Copy), FromWire(wire.MergedAwaited.Awaited)),
        Wire.Command.KindOneofCase.SteppedOut => new SteppedOut(FromWire(wire.SteppedOut.Copy), wire.SteppedOut.Failed),
        Wire.Command.KindOneofCase.CopyRepaired => new CopyRepaired(FromWire(wire.CopyRepaired.Copy), wire.CopyRepaired.Epoch),
        Wire.Command.KindOneofCase.CopyDropped => new CopyDropped(FromWire(wire.CopyDropped)),
        Wire.Command.KindOneofCase.Drain => new Drain(MapEventCodec.Node(wire.Drain.Node), wire.Drain.On),
        Wire.Command.KindOneofCase.ForgetNode => new ForgetNode(MapEventCodec.Node(wire.ForgetNode)),
        Wire.Command.KindOneofCase.SetReplicas => new SetReplicas(wire.SetReplicas),
        Wire.Command.KindOneofCase.ForgetAwaited => new ForgetAwaited(new PartitionId(wire.ForgetAwaited)),
        Wire.Command.KindOneofCase.RaiseFloor => new RaiseFloor(new PartitionId(wire.RaiseFloor.Partition), wire.RaiseFloor.Floor),
        Wire.Command.KindOneofCase.LogDeletion => new LogDeletion(new DeletionRequest([.. wire.LogDeletion.Selectors], wire.LogDeletion.From, wire.LogDeletion.To)
        {
            Id = MapEventCodec.DeletionId(wire.LogDeletion.Id),
            IsUndo = wire.LogDeletion.Undo,
            Created = wire.LogDeletion.Created,
        }),
        Wire.Command.KindOneofCase.BeginStop => new BeginStop(new NodeIncarnation(MapEventCodec.Node(wire.BeginStop.Node), wire.BeginStop.Incarnation)),
        _ => throw new SerializationException("a command to the partition map of a newer version"),
    });

    private static Wire.Stint ToWire(CopyStint stint) => new()
    {
        Partition = stint.Partition.Value,
        Slot = stint.Slot,
        Node = MapEventCodec.ToWire(stint.Holder.Node.Value),
        Incarnation = stint.Holder.Incarnation,
        Since = stint.Since,
    };

    private static CopyStint FromWire(Wire.Stint wire) => new(
        new PartitionId(wire.Partition), wire.Slot, new NodeIncarnation(MapEventCodec.Node(wire.Node), wire.Incarnation), wire.Since);
}
