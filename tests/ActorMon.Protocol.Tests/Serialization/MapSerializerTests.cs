using System.Collections.Immutable;
using System.Runtime.Serialization;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Serialization;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Xunit.Abstractions;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Protocol.Tests.Serialization;

/// <summary>The wire format of the messages about the partition map, by the bindings of the real hocon/actormon.conf.</summary>
public sealed class MapSerializerTests : TestKit
{
    private static readonly NodeId A = new(new Guid("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    private static readonly NodeIncarnation Life = new(A, 0x0102030405060708);
    private static readonly MapNode Node = new(A, Life.Incarnation, NodeState.Up, "z", 1, true, "a", "l");
    private static readonly CopyStint Stint = new(new PartitionId(5), 1, Life, 7);
    private static readonly PartitionSet Partition = new(
        new PartitionId(5), new PartitionState(9, 8, [new CopyRecord(1, Life, CopyState.InSync, Since: 7, Receives: 6, Admitted: 5, Merged: 2), new CopyRecord(2, Life, CopyState.Joining, Since: 9, Receives: 9)], -5));

    private static readonly ImmutableArray<MapEvent> Events =
        [new NodeSet(Node), new NodeForgotten(A), Partition, new ReplicasSet(3, 2), new DeletionLogged(new Deletion(4, new DeletionRequest(["{a=\"b\"}"], -1, 2))), new DeletionsPruned(3)];

    /// <summary>One of each kind with its manifest and its bytes. Extend only: a line here never changes.</summary>
    private static readonly (object Message, string Manifest, string Bytes)[] Golden =
    [
        (new AnnounceNode(Node, [new HeldCopy(new PartitionId(5), 9)]), "an", "0A280A10000102030405060708090A0B0C0D0E0F11080706050403020122017A280130013A016142016C120408051009"),
        (WhoAreYou.Instance, "wy", ""),
        (new KeeperState(Life, 300), "ks", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118AC02"),
        (new MapChanged(new MapDiff(300, Events)), "mc", "08AC02122A0A280A10000102030405060708090A0B0C0D0E0F11080706050403020122017A280130013A016142016C12121210000102030405060708090A0B0C0D0E0F12561A5408051009180820092A2708011210000102030405060708090A0B0C0D0E0F190807060504030201200228073005380240062A2108021210000102030405060708090A0B0C0D0E0F19080706050403020128094009120622040803100212112A0F080412077B613D2262227D1801200412023003"),
        (GetMap.Instance, "gm", ""),
        (new WholeMap(A.Value, 300, 32, [new ReplicasSet(3, 2)], 1, 2), "wm", "0A10000102030405060708090A0B0C0D0E0F10AC021A06220408031002200128023020"),
        (new Ping(Life, 300), "pi", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118AC02"),
        (new Pong(Life, 300, 5), "po", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118AC022005"),
        (new Pong(Life, 300), "po", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118AC02"),
        (new GetBarred(Life), "gb", "0A10000102030405060708090A0B0C0D0E0F110807060504030201"),
        (new BarredFor(Life, Life, 300), "bf", "0A10000102030405060708090A0B0C0D0E0F1108070605040302011A10000102030405060708090A0B0C0D0E0F21080706050403020128AC02"),
        (new DoMapCommand(1, new CaughtUp(Stint)), "dc", "08011221080510011A10000102030405060708090A0B0C0D0E0F2108070605040302012807"),
        (new DoMapCommand(1, new Verified(Stint)), "dc", "08011A21080510011A10000102030405060708090A0B0C0D0E0F2108070605040302012807"),
        (new DoMapCommand(1, new MergedAwaited(Stint, Stint)), "dc", "080122460A21080510011A10000102030405060708090A0B0C0D0E0F21080706050403020128071221080510011A10000102030405060708090A0B0C0D0E0F2108070605040302012807"),
        (new DoMapCommand(1, new SteppedOut(Stint, true)), "dc", "08012A250A21080510011A10000102030405060708090A0B0C0D0E0F21080706050403020128071001"),
        (new DoMapCommand(1, new CopyRepaired(Stint, 9)), "dc", "080132250A21080510011A10000102030405060708090A0B0C0D0E0F21080706050403020128071009"),
        (new DoMapCommand(1, new CopyDropped(Stint)), "dc", "08013A21080510011A10000102030405060708090A0B0C0D0E0F2108070605040302012807"),
        (new DoMapCommand(1, new Drain(A, true)), "dc", "080142140A10000102030405060708090A0B0C0D0E0F1001"),
        (new DoMapCommand(1, new BeginStop(Life)), "dc", "0801721B0A10000102030405060708090A0B0C0D0E0F110807060504030201"),
        (new DoMapCommand(1, new ForgetNode(A)), "dc", "08014A10000102030405060708090A0B0C0D0E0F"),
        (new DoMapCommand(1, new SetReplicas(3)), "dc", "08015003"),
        (new DoMapCommand(1, new ForgetAwaited(new PartitionId(5))), "dc", "08015805"),
        (new DoMapCommand(1, new RaiseFloor(new PartitionId(5), -5)), "dc", "0801620408051009"),
        (new MapCommandDone(1, "no"), "cd", "080112026E6F1801"),
        (new MapCommandDone(1, null), "cd", "0801"),
        (new MapCommandDone(1, null, 300), "cd", "080120AC02"),
        (new KeeperState(Life, 300, new DeletionProgress(4, 0)), "ks", "0A10000102030405060708090A0B0C0D0E0F11080706050403020118AC0220052801"),
        (GetMapStatus.Instance, "gs", ""),
        (new MapStatus(300, 2, "j", "f", [new KeeperState(Life, 299)]), "ms", "08AC0210021A016A2201662A1E0A10000102030405060708090A0B0C0D0E0F11080706050403020118AB02"),
    ];

    public MapSerializerTests(ITestOutputHelper output) : base(ControlSerializerTests.LocalConfig(), "map", output)
    {
    }

    [Fact]
    public void Every_message_has_its_manifest_and_its_bytes()
    {
        foreach (var (message, manifest, bytes) in Golden)
        {
            var serializer = Assert.IsType<MapSerializer>(Sys.Serialization.FindSerializerFor(message));
            Assert.Equal(manifest, serializer.Manifest(message));
            Assert.Equal(bytes, Convert.ToHexString(serializer.ToBinary(message)));
        }
    }

    [Fact]
    public void Every_message_comes_back_from_its_golden_bytes_as_it_was()
    {
        foreach (var (message, manifest, bytes) in Golden)
        {
            var back = Sys.Serialization.Deserialize(Convert.FromHexString(bytes), MapSerializer.Id, manifest);
            if (message is MapChanged changed)
                AssertSame(changed.Diff.Events, Assert.IsType<MapChanged>(back).Diff.Events);
            else
                Assert.Equal(message, back);
        }
    }

    [Fact]
    public void A_deletion_comes_back_with_its_selectors_and_times()
    {
        var command = new DoMapCommand(1, new LogDeletion(new DeletionRequest(["{a=\"b\"}", "up"], long.MinValue, 5) { Id = A.Value, IsUndo = true, Created = 7 }));
        var serializer = (MapSerializer)Sys.Serialization.FindSerializerFor(command);

        var back = Assert.IsType<LogDeletion>(Assert.IsType<DoMapCommand>(serializer.FromBinary(serializer.ToBinary(command), "dc")).Command).Request;

        Assert.Equal(["{a=\"b\"}", "up"], back.Selectors.ToArray());
        Assert.Equal((long.MinValue, 5), (back.From, back.To));
        Assert.Equal((A.Value, true, 7), (back.Id, back.IsUndo, back.Created));
    }

    [Fact]
    public void Every_message_that_may_cross_nodes_is_bound_to_the_serializer_and_tested_above()
    {
        var crossing = typeof(MapProtocol).GetNestedTypes().Where(t => t is { IsClass: true } && !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(t)).ToList();

        foreach (var type in crossing)
            Assert.True(Sys.Serialization.FindSerializerForType(type) is MapSerializer, $"{type} has no binding in hocon/actormon.conf");
        Assert.Equal(crossing.Select(t => t.Name).Order(), Golden.Select(g => g.Message.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void What_a_newer_version_sends_is_refused_by_name()
    {
        Assert.Contains("\"zz\"", Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([], MapSerializer.Id, "zz")).Message, StringComparison.Ordinal);
        // A diff with one event of a kind that is not known: field 15.
        var newer = Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(Convert.FromHexString("1202" + "7801"), MapSerializer.Id, "mc"));
        Assert.Contains("newer version", newer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_map_goes_in_pieces_and_comes_together_again()
    {
        var map = Largest();

        var pieces = MapMessages.Whole(map);
        var assembly = new MapAssembly();
        PartitionMap? gathered = null;
        foreach (var piece in pieces)
        {
            var serializer = (MapSerializer)Sys.Serialization.FindSerializerFor(piece);
            var bytes = serializer.ToBinary(piece);
            Assert.InRange(bytes.Length, 1, 64 * 1024);
            gathered = assembly.Add((WholeMap)serializer.FromBinary(bytes, "wm"));
        }

        Assert.True(pieces.Count > 10);
        AssertSame(map, gathered!);
    }

    [Fact]
    public void A_large_change_goes_in_pieces_that_follow_each_other()
    {
        var map = Largest();
        var events = MapMessages.EventsOf(map);
        var follower = PartitionMap.Create(map.Cluster, map.Partitions.Length);
        foreach (var change in MapMessages.Changes(new MapDiff(0, events)))
            follower = follower.Follow(change.Diff)!;

        Assert.Equal(events.Length, follower.Version);
        AssertSame(map, follower with { Version = map.Version });
    }

    [Fact]
    public void A_map_comes_back_from_its_journal_and_a_gap_in_it_is_refused()
    {
        var map = Largest();
        var diff = new MapDiff(map.Version, [new ReplicasSet(4, 2), new DeletionLogged(new Deletion(1, new DeletionRequest(["up"], 1, 2)))]);

        var state = MapJournal.Apply(null, MapJournal.RecordOf(map));
        var next = MapJournal.Apply(state, MapJournal.RecordOf(diff));

        AssertSame(map, state);
        Assert.Equal((map.Version + 2, 4, 1), (next.Version, next.Replicas, next.Deletions.Version));
        var gap = Assert.Throws<SerializationException>(() => MapJournal.Apply(state, MapJournal.RecordOf(new MapDiff(map.Version + 1, diff.Events))));
        Assert.Contains($"from version {map.Version} to a change of version {map.Version + 1}", gap.Message, StringComparison.Ordinal);
        Assert.Throws<SerializationException>(() => MapJournal.Apply(null, MapJournal.RecordOf(diff)));
    }

    /// <summary>1,000 nodes and 2,048 partitions with 5 copies.</summary>
    private static PartitionMap Largest()
    {
        var nodes = Enumerable.Range(1, 1000).Select(i => new MapNode(
            new NodeId(new Guid(i, 0, 0, new byte[8])), (ulong)i, NodeState.Up, $"zone-{i % 3}", 1, false, $"akka.tcp://actormon@node-{i}.example:7946", $"http://node-{i}.example:7947")).ToList();
        var map = PartitionMap.Create(A.Value, 2048, 5).Apply([.. nodes.Select(n => new NodeSet(n))]);
        for (var p = 0; p < 2048; p++)
            map = map.Apply(MapDecider.Decide(map, new OpenFresh(new PartitionId(p), [.. Enumerable.Range(0, 5).Select(i => nodes[(p + i) % 1000].Id)])).Events.AsSpan());
        return map;
    }

    private static void AssertSame(PartitionMap expected, PartitionMap actual)
    {
        Assert.Equal((expected.Cluster, expected.Version, expected.Replicas, expected.ReplicasInForce), (actual.Cluster, actual.Version, actual.Replicas, actual.ReplicasInForce));
        Assert.Equal(expected.Nodes.Values, actual.Nodes.Values);
        AssertSame(
            [.. expected.Partitions.Select((p, i) => new PartitionSet(new PartitionId(i), p))], [.. actual.Partitions.Select((p, i) => new PartitionSet(new PartitionId(i), p))]);
    }

    private static void AssertSame(ImmutableArray<MapEvent> expected, ImmutableArray<MapEvent> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (a, b) in expected.Zip(actual))
        {
            switch (a, b)
            {
                case (PartitionSet x, PartitionSet y):
                    Assert.Equal(x.Partition, y.Partition);
                    Assert.Equal((x.State.Epoch, x.State.Fence, x.State.RetentionFloor), (y.State.Epoch, y.State.Fence, y.State.RetentionFloor));
                    Assert.Equal(x.State.Copies.ToArray(), y.State.Copies.ToArray());
                    break;
                case (DeletionLogged x, DeletionLogged y):
                    Assert.Equal((x.Deletion.Version, x.Deletion.Request.From, x.Deletion.Request.To), (y.Deletion.Version, y.Deletion.Request.From, y.Deletion.Request.To));
                    Assert.Equal(x.Deletion.Request.Selectors.ToArray(), y.Deletion.Request.Selectors.ToArray());
                    break;
                default:
                    Assert.Equal(a, b);
                    break;
            }
        }
    }
}
