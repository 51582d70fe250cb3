using System.Collections.Immutable;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Deletions;
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
        var holders = new MapHolders(new MapView(Self, null), 2);
        Assert.Equal(0, holders.Version);
        Assert.False(holders.Of(Zero).IsOpen);
        Assert.Empty(holders.Of(Zero).Holders);
    }

    [Fact]
    public void Receivers_of_the_map_get_batches_required_ones_are_waited_for_and_those_in_sync_are_read()
    {
        var view = new MapView(Self, null);
        var holders = new MapHolders(view, 2);
        var told = 0;
        holders.Changed += () => told++;

        view.Publish(Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1), new(1, Other, CopyState.Confirming, 5, 4), new(3, Other, CopyState.Stale, 5)])));

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
        var view = new MapView(Self, null);
        var holders = new MapHolders(view, 2);
        view.Publish(Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1)])));
        var (zero, one) = (holders.Of(Zero), holders.Of(One));
        view.Publish(Map(8, new PartitionState(10, 3, [new(0, Self, CopyState.InSync, 1, 1)])));
        Assert.NotSame(zero, holders.Of(Zero));
        Assert.Same(one, holders.Of(One));
    }

    [Fact]
    public void Holders_tell_up_to_which_deletion_the_map_has_forgotten()
    {
        var view = new MapView(Self, null);
        var holders = new MapHolders(view, 2);
        var map = Map(7, new PartitionState(9, 3, [new(0, Self, CopyState.InSync, 1, 1)]));
        view.Publish(map);
        Assert.Equal(0, holders.Of(Zero).Forgotten);
        view.Publish(map with { Version = 8, Deletions = new DeletionLog(4, []) });
        Assert.Equal(4, holders.Of(Zero).Forgotten);
    }

    [Fact]
    public void A_required_holder_whose_address_is_not_known_is_waited_for()
    {
        var view = new MapView(Self, null);
        var holders = new MapHolders(view, 2);
        view.Publish(Map(7, new PartitionState(9, 3, [new(0, Self with { Incarnation = 10 }, CopyState.InSync, 1, 1)])));
        Assert.Empty(holders.Of(Zero).Holders);
        Assert.False(holders.Of(Zero).IsOpen);
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
