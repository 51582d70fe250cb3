using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Tests.Series.Copies;

public sealed class CopyStandingsTests
{
    private static readonly NodeIncarnation Self = new(new NodeId(new Guid(1, 0, 0, new byte[8])), 1);

    /// <summary>A node whose membership has ended begins a new life with the map of the one before, and its copies are closed meanwhile.</summary>
    [Fact]
    public void In_a_new_life_no_copy_of_the_life_before_is_complete()
    {
        var view = new MapView(Self, MapOf(Self));
        var standings = new CopyStandings(view, Confirmed(), 1);
        Assert.True(standings.AllComplete);

        view.BeginLife(2);
        standings.BeginLife();

        Assert.False(standings.AllComplete);
        Assert.False(standings.IsComplete(new PartitionId(0)));
        view.Publish(MapOf(view.Self));
        Assert.True(standings.AllComplete);
    }

    private static ClusterStanding Confirmed()
    {
        var standing = new ClusterStanding(TimeProvider.System);
        standing.ConfirmUntil(long.MaxValue);
        return standing;
    }

    private static PartitionMap MapOf(NodeIncarnation node)
    {
        var map = PartitionMap.Create(Guid.Empty, 1);
        MapCommand[] commands =
        [
            new NodeUp(new MapNode(node.Node, node.Incarnation, NodeState.Up, "", 1, false, "", ""), []),
            new OpenFresh(new PartitionId(0), [node.Node]),
            new Verified(new CopyStint(new PartitionId(0), 0, node, 1)),
        ];
        foreach (var command in commands)
            map = map.Apply(MapDecider.Decide(map, command).Events.AsSpan());
        return map;
    }
}
