using System.Runtime.Serialization;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Serialization;
using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Xunit.Abstractions;
using static ActorMon.Protocol.Control.ConfigurationProtocol;

namespace ActorMon.Protocol.Tests.Serialization;

/// <summary>The wire format of the messages about the configuration, by the bindings of the real hocon/actormon.conf.</summary>
public sealed class ConfigurationSerializerTests : TestKit
{
    private static readonly NodeIncarnation Life = new(new NodeId(new Guid("00010203-0405-0607-0809-0a0b0c0d0e0f")), 0x0102030405060708);
    private static readonly KeeperConfiguration Keeper = new(Life, 2, "h", true, "p");

    /// <summary>One of each kind with its manifest and its bytes. Extend only: a line here never changes.</summary>
    private static readonly (object Message, string Manifest, string Bytes)[] Golden =
    [
        (new Propose(Life, 3, new ContentName("h", 300)), "pp", "0A10000102030405060708090A0B0C0D0E0F110807060504030201180322016828AC02"),
        (new ProposalDone(3, "e"), "pd", "08031201651801"),
        (new ProposalDone(3, null), "pd", "0803"),
        (new GetPiece("h", 300), "gp", "0A016810AC02"),
        (new Piece("h", 300, new byte[] { 1, 2 }), "pc", "0A016810AC021A020102"),
        (new Prepare(new ContentName("h", 300), true), "pr", "0A016810AC021801"),
        (new Prepared(Life, "h", "e"), "pa", "0A10000102030405060708090A0B0C0D0E0F1108070605040302011A01682201652801"),
        (new Prepared(Life, "h", null), "pa", "0A10000102030405060708090A0B0C0D0E0F1108070605040302011A0168"),
        (new InForce(2, "n", new ContentName("h", 300)), "if", "080212016E1A016820AC02"),
        (Keeper, "kc", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118022201682801320170"),
        (GetConfigurationStatus.Instance, "gs", ""),
        (new ConfigurationStatus(2, "h", "n", "f", [Keeper]), "cs", "08021201681A016E2201662A250A10000102030405060708090A0B0C0D0E0F11080706050403020118022201682801320170"),
    ];

    public ConfigurationSerializerTests(ITestOutputHelper output) : base(ControlSerializerTests.LocalConfig(), "configuration", output)
    {
    }

    [Fact]
    public void Every_message_has_its_manifest_and_its_bytes_and_comes_back_from_them()
    {
        foreach (var (message, manifest, bytes) in Golden)
        {
            var serializer = Assert.IsType<ConfigurationSerializer>(Sys.Serialization.FindSerializerFor(message));
            Assert.Equal(manifest, serializer.Manifest(message));
            Assert.Equal(bytes, Convert.ToHexString(serializer.ToBinary(message)));
            Assert.Equal(message, Sys.Serialization.Deserialize(Convert.FromHexString(bytes), ConfigurationSerializer.Id, manifest));
        }
    }

    [Fact]
    public void Every_message_is_bound_to_the_serializer_and_tested_above()
    {
        var crossing = typeof(ConfigurationProtocol).GetNestedTypes().Where(t => t is { IsClass: true }).ToList();
        foreach (var type in crossing)
            Assert.True(Sys.Serialization.FindSerializerForType(type) is ConfigurationSerializer, $"{type} has no binding in hocon/actormon.conf");
        Assert.Equal(crossing.Select(t => t.Name).Order(), Golden.Select(g => g.Message.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void The_largest_piece_is_a_control_message() =>
        Assert.InRange(Sys.Serialization.Serialize(new Piece(new string('a', 64), int.MaxValue, new byte[PieceBytes])).Length, PieceBytes, 64 << 10);

    [Fact]
    public void A_version_comes_back_from_the_journal_and_a_newer_kind_of_record_is_refused()
    {
        var version = new ConfigurationVersion(7, "h", "n", new byte[] { 1, 2, 3 });
        var record = ConfigurationJournal.RecordOf(version);
        Assert.Equal("cfvr:080712016" + "81A016E2203010203", $"{record.Manifest}:{Convert.ToHexString(record.Payload)}");
        var back = ConfigurationJournal.VersionOf(record);
        Assert.Equal((7, "h", "n", "010203"), (back.Number, back.Hash, back.Origin, Convert.ToHexString(back.Bundle.Span)));
        Assert.Throws<SerializationException>(() => ConfigurationJournal.VersionOf(new("cfzz", [])));
    }
}
