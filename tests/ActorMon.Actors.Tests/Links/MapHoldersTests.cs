using System.Collections.Immutable;
using ActorMon.Actors.Links;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Tests.Links;

public sealed class MapHoldersTests
{
    private static readonly NodeIncarnation Self = new(new NodeId(new Guid(1, 0, 0, new byte[8])), 11);
    private static readonly NodeIncarnation Other = new(new NodeId(new Guid(2, 0, 0, new byte[8])), 22);
    private static readonly PartitionId Zero = new(0);
    private static readonly PartitionId One = new(1);

    [Fact]
    public void Before_the_first_map_nobody_holds_anything()
    {
        var holders = new MapHolders(Self, 2);
        Assert.Equal(0, holders.Version);
        Assert.False(holders.Of(Zero).IsOpen);
        Assert.Empty(holders.Of(Zero).Holders);
    }

    [Fact]
    public void Receivers_of_the_map_get_batches_required_ones_are_waited_for_and_those_in_sync_are_read()
    {
        var holders = new MapHolders(Self, 2);
        var told = 0;
        holders.Changed += () => told++;

        holders.Use(Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1), new(1, Other, CopyState.Confirming, 5, 4), new(3, Other, CopyState.Stale, 5)])));

        Assert.Equal((7, 1), (holders.Version, told));
        var of = holders.Of(Zero);
        Assert.Equal((9, true), (of.Epoch, of.IsOpen));
        Assert.Equal(
            [
                new ReplicaHolder(0, null, 1, true),
                new ReplicaHolder(1, new LinkPeer(Other.Node.ToString(), 22, new Uri("http://10.0.0.2:7947")), 4, true) { InSync = false },
            ],
            of.Holders);
    }

    [Fact]
    public void What_stays_the_same_for_a_partition_is_the_same_object()
    {
        var holders = new MapHolders(Self, 2);
        holders.Use(Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1)])));
        var (zero, one) = (holders.Of(Zero), holders.Of(One));
        holders.Use(Map(8, new PartitionState(10, 3, [new(0, Self, CopyState.InSync, 1, 1)])));
        Assert.NotSame(zero, holders.Of(Zero));
        Assert.Same(one, holders.Of(One));
    }

    [Fact]
    public void An_earlier_life_of_this_node_is_another_node()
    {
        var holders = new MapHolders(Self, 2);
        holders.Use(Map(7, new PartitionState(9, 3, [new(0, Self with { Incarnation = 10 }, CopyState.InSync, 1, 1)])));
        Assert.Equal(10UL, holders.Of(Zero).Holders.Single().Peer!.Incarnation);
    }

    [Theory]
    [InlineData(0, 3, true, null)]
    [InlineData(0, 2, true, "epoch 2 of partition 0 is before 3, at which a copy came in; map 7")]
    [InlineData(1, 3, true, "by map 7 replica 0/1 takes no batches here")]
    [InlineData(0, 3, false, "the node has heard from no majority for too long")]
    public void A_copy_takes_batches_of_its_slot_since_the_fence_while_the_lease_holds(int slot, long epoch, bool lease, string? reason)
    {
        var map = Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1)]));
        var gate = new MapGate(() => map, _ => CopyFacts.Start(Self), () => lease);
        Assert.Equal(new BatchAdmission(reason is null, reason is null ? 1 : 0, reason), gate.Admit(new ReplicaId(Zero, slot), epoch));
    }

    [Fact]
    public void A_copy_whose_storage_failed_and_a_node_without_a_map_take_none()
    {
        var map = Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1)]));
        var failed = CopyFacts.Start(Self).Apply(new StorageFailed());
        Assert.Equal("replica 0/0 has stepped out", new MapGate(() => map, _ => failed, () => true).Admit(new ReplicaId(Zero, 0), 9).Reason);
        Assert.Equal("the node has no partition map yet", new MapGate(() => null, _ => failed, () => true).Admit(new ReplicaId(Zero, 0), 9).Reason);
    }

    private static PartitionMap Map(long version, PartitionState zero)
    {
        var map = PartitionMap.Create(Guid.Empty, 2);
        return map with
        {
            Version = version,
            Partitions = map.Partitions.SetItem(0, zero),
            Nodes = ImmutableSortedDictionary<NodeId, MapNode>.Empty.Add(Other.Node, new MapNode(Other.Node, 22, NodeState.Up, "", 1, false, "", "http://10.0.0.2:7947")),
        };
    }
}
