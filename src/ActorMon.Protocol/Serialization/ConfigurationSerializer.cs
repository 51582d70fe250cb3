using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using static ActorMon.Protocol.Control.ConfigurationProtocol;
using static ActorMon.Protocol.Serialization.ControlSerializer;
using static ActorMon.Protocol.Serialization.MapSerializer;

namespace ActorMon.Protocol.Serialization;

/// <summary>Protobuf for the messages about the cluster's configuration; schema in configuration.proto, manifests of two letters, both extend-only.</summary>
public sealed class ConfigurationSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire format.</summary>
    public const int Id = 7104;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Propose => "pp",
        ProposalDone => "pd",
        GetPiece => "gp",
        Piece => "pc",
        Prepare => "pr",
        Prepared => "pa",
        InForce => "if",
        KeeperConfiguration => "kc",
        GetConfigurationStatus => "gs",
        ConfigurationStatus => "cs",
        _ => throw new ArgumentException($"{o.GetType()} is not a message about the configuration", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        Propose m => (IMessage)new ConfigurationWire.Propose
        {
            Node = IdOf(m.From),
            Incarnation = m.From.Incarnation,
            Correlation = m.Correlation,
            Hash = m.Content.Hash,
            Bytes = m.Content.Bytes,
        },
        ProposalDone m => new ConfigurationWire.Done { Correlation = m.Correlation, Error = Bounded(m.Error ?? ""), Failed = m.Error is not null },
        GetPiece m => new ConfigurationWire.GetPiece { Hash = m.Hash, Offset = m.Offset },
        Piece m => new ConfigurationWire.Piece { Hash = m.Hash, Offset = m.Offset, Content = ByteString.CopyFrom(m.Content.Span) },
        Prepare m => new ConfigurationWire.Prepare { Hash = m.Content.Hash, Bytes = m.Content.Bytes, Strict = m.Strict },
        Prepared m => new ConfigurationWire.Prepared
        {
            Node = IdOf(m.By),
            Incarnation = m.By.Incarnation,
            Hash = m.Hash,
            Error = Bounded(m.Error ?? ""),
            Failed = m.Error is not null,
        },
        InForce m => new ConfigurationWire.InForce { Number = m.Number, Origin = m.Origin, Hash = m.Content.Hash, Bytes = m.Content.Bytes },
        KeeperConfiguration m => ToWire(m),
        GetConfigurationStatus => new ConfigurationWire.GetStatus(),
        ConfigurationStatus m => ToWire(m),
        _ => throw new ArgumentException($"{obj.GetType()} is not a message about the configuration", nameof(obj)),
    }).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "pp":
                var propose = ConfigurationWire.Propose.Parser.ParseFrom(bytes);
                return new Propose(Life(propose.Node, propose.Incarnation), propose.Correlation, new ContentName(propose.Hash, propose.Bytes));
            case "pd":
                var done = ConfigurationWire.Done.Parser.ParseFrom(bytes);
                return new ProposalDone(done.Correlation, done.Failed ? done.Error : null);
            case "gp":
                var get = ConfigurationWire.GetPiece.Parser.ParseFrom(bytes);
                return new GetPiece(get.Hash, get.Offset);
            case "pc":
                var piece = ConfigurationWire.Piece.Parser.ParseFrom(bytes);
                return new Piece(piece.Hash, piece.Offset, piece.Content.Memory);
            case "pr":
                var prepare = ConfigurationWire.Prepare.Parser.ParseFrom(bytes);
                return new Prepare(new ContentName(prepare.Hash, prepare.Bytes), prepare.Strict);
            case "pa":
                var prepared = ConfigurationWire.Prepared.Parser.ParseFrom(bytes);
                return new Prepared(Life(prepared.Node, prepared.Incarnation), prepared.Hash, prepared.Failed ? prepared.Error : null);
            case "if":
                var force = ConfigurationWire.InForce.Parser.ParseFrom(bytes);
                return new InForce(force.Number, force.Origin, new ContentName(force.Hash, force.Bytes));
            case "kc":
                return FromWire(ConfigurationWire.Keeper.Parser.ParseFrom(bytes));
            case "gs":
                return GetConfigurationStatus.Instance;
            case "cs":
                var status = ConfigurationWire.Status.Parser.ParseFrom(bytes);
                return new ConfigurationStatus(status.Number, status.Hash, status.Origin, Nullable(status.Frozen), [.. status.Nodes.Select(FromWire)]);
            default:
                throw new SerializationException($"unknown manifest \"{manifest}\" of a message about the configuration: a newer node's message");
        }
    }

    private static ConfigurationWire.Keeper ToWire(KeeperConfiguration keeper) => new()
    {
        Node = IdOf(keeper.Node),
        Incarnation = keeper.Node.Incarnation,
        Number = keeper.Number,
        Hash = keeper.Hash,
        Differs = keeper.Differs,
        Problem = Bounded(keeper.Problem ?? ""),
    };

    private static KeeperConfiguration FromWire(ConfigurationWire.Keeper wire) =>
        new(Life(wire.Node, wire.Incarnation), wire.Number, wire.Hash, wire.Differs, Nullable(wire.Problem));

    private static ConfigurationWire.Status ToWire(ConfigurationStatus status)
    {
        var wire = new ConfigurationWire.Status { Number = status.Number, Hash = status.Hash, Origin = status.Origin, Frozen = Bounded(status.Frozen ?? "") };
        wire.Nodes.AddRange(status.Nodes.Select(ToWire));
        return wire;
    }
}
