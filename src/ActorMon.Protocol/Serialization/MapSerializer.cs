using System.Runtime.Serialization;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Protocol.Serialization;

/// <summary>Protobuf for the messages about the partition map; schema in map.proto, manifests of two letters, both extend-only.</summary>
public sealed class MapSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire format.</summary>
    public const int Id = 7103;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        AnnounceNode => "an",
        WhoAreYou => "wy",
        KeeperState => "ks",
        MapChanged => "mc",
        GetMap => "gm",
        WholeMap => "wm",
        Ping => "pi",
        Pong => "po",
        GetBarred => "gb",
        BarredFor => "bf",
        DoMapCommand => "dc",
        MapCommandDone => "cd",
        GetMapStatus => "gs",
        MapStatus => "ms",
        _ => throw new ArgumentException($"{o.GetType()} is not a message about the partition map", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        AnnounceNode m => (IMessage)ToWire(m),
        WhoAreYou => new MapWire.WhoAreYou(),
        KeeperState m => ToWire(m),
        MapChanged m => MapEventCodec.ToWire(m.Diff),
        GetMap => new MapWire.GetMap(),
        WholeMap m => ToWire(m),
        Ping m => new MapWire.Ping { Node = IdOf(m.From), Incarnation = m.From.Incarnation, Stamp = m.Stamp },
        Pong m => new MapWire.Pong { Node = IdOf(m.From), Incarnation = m.From.Incarnation, Stamp = m.Stamp, Utc = m.Utc },
        GetBarred m => new MapWire.GetBarred { Node = IdOf(m.Removed), Incarnation = m.Removed.Incarnation },
        BarredFor m => new MapWire.BarredFor
        {
            By = IdOf(m.By),
            ByIncarnation = m.By.Incarnation,
            Removed = IdOf(m.Removed),
            RemovedIncarnation = m.Removed.Incarnation,
            Milliseconds = m.Milliseconds,
        },
        DoMapCommand m => MapCommandCodec.ToWire(m),
        MapCommandDone m => new MapWire.CommandDone { Correlation = m.Correlation, Error = m.Error ?? "", Failed = m.Error is not null, MapVersion = m.MapVersion },
        GetMapStatus => new MapWire.GetStatus(),
        MapStatus m => ToWire(m),
        _ => throw new ArgumentException($"{obj.GetType()} is not a message about the partition map", nameof(obj)),
    }).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "an":
                var announce = MapWire.Announce.Parser.ParseFrom(bytes);
                return new AnnounceNode(MapEventCodec.FromWire(announce.Node), [.. announce.Held.Select(h => new HeldCopy(new PartitionId(h.Partition), h.Epoch))]);
            case "wy":
                return WhoAreYou.Instance;
            case "ks":
                return FromWire(MapWire.Keeper.Parser.ParseFrom(bytes));
            case "mc":
                var diff = MapWire.Diff.Parser.ParseFrom(bytes);
                return new MapChanged(new MapDiff(diff.From, MapEventCodec.FromWire(diff.Events)));
            case "gm":
                return GetMap.Instance;
            case "wm":
                return FromWire(MapWire.Whole.Parser.ParseFrom(bytes));
            case "pi":
                var ping = MapWire.Ping.Parser.ParseFrom(bytes);
                return new Ping(Life(ping.Node, ping.Incarnation), ping.Stamp);
            case "po":
                var pong = MapWire.Pong.Parser.ParseFrom(bytes);
                return new Pong(Life(pong.Node, pong.Incarnation), pong.Stamp, pong.Utc);
            case "gb":
                var get = MapWire.GetBarred.Parser.ParseFrom(bytes);
                return new GetBarred(Life(get.Node, get.Incarnation));
            case "bf":
                var barred = MapWire.BarredFor.Parser.ParseFrom(bytes);
                return new BarredFor(Life(barred.By, barred.ByIncarnation), Life(barred.Removed, barred.RemovedIncarnation), barred.Milliseconds);
            case "dc":
                return MapCommandCodec.FromWire(MapWire.Command.Parser.ParseFrom(bytes));
            case "cd":
                var done = MapWire.CommandDone.Parser.ParseFrom(bytes);
                return new MapCommandDone(done.Correlation, done.Failed ? done.Error : null, done.MapVersion);
            case "gs":
                return GetMapStatus.Instance;
            case "ms":
                var status = MapWire.Status.Parser.ParseFrom(bytes);
                return new MapStatus(status.Version, status.Waiting, Nullable(status.JournalError), Nullable(status.Frozen), [.. status.Keepers.Select(FromWire)]);
            default:
                throw new SerializationException($"unknown manifest \"{manifest}\" of a message about the partition map: a newer node's message");
        }
    }

    internal static MapWire.Whole ToWire(WholeMap map)
    {
        var wire = new MapWire.Whole { Cluster = MapEventCodec.ToWire(map.Cluster), Version = map.Version, Partitions = map.Partitions, Chunk = map.Chunk, Chunks = map.Chunks };
        foreach (var e in map.Events)
            wire.Events.Add(MapEventCodec.ToWire(e));
        return wire;
    }

    internal static WholeMap FromWire(MapWire.Whole wire) => new(
        MapEventCodec.GuidOf(wire.Cluster), wire.Version, wire.Partitions, MapEventCodec.FromWire(wire.Events), wire.Chunk, wire.Chunks);

    private static MapWire.Announce ToWire(AnnounceNode message)
    {
        var wire = new MapWire.Announce { Node = MapEventCodec.ToWire(message.Node) };
        foreach (var held in message.Held)
            wire.Held.Add(new MapWire.Held { Partition = held.Partition.Value, Epoch = held.Epoch });
        return wire;
    }

    private static MapWire.Keeper ToWire(KeeperState state) => new()
    {
        Node = IdOf(state.Node),
        Incarnation = state.Node.Incarnation,
        Version = state.Version,
        DeletionsServing = state.Deletions is { } progress ? progress.Serving + 1 : 0,
        DeletionsAll = state.Deletions is { } all ? all.All + 1 : 0,
    };

    private static KeeperState FromWire(MapWire.Keeper wire) => new(
        Life(wire.Node, wire.Incarnation), wire.Version,
        wire.DeletionsServing == 0 ? null : new DeletionProgress(wire.DeletionsServing - 1, wire.DeletionsAll - 1));

    private static MapWire.Status ToWire(MapStatus status)
    {
        var wire = new MapWire.Status
        {
            Version = status.Version,
            Waiting = status.Waiting,
            JournalError = ControlSerializer.Bounded(status.JournalError ?? ""),
            Frozen = ControlSerializer.Bounded(status.Frozen ?? ""),
        };
        wire.Keepers.AddRange(status.Keepers.Select(ToWire));
        return wire;
    }

    internal static ByteString IdOf(NodeIncarnation life) => MapEventCodec.ToWire(life.Node.Value);

    internal static NodeIncarnation Life(ByteString node, ulong incarnation) => new(MapEventCodec.Node(node), incarnation);

    internal static string? Nullable(string text) => text.Length == 0 ? null : text;
}
