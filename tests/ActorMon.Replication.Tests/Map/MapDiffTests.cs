using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests.Map;

public class MapDiffTests
{
    private static readonly NodeUp Node = new(new MapNode(MapBench.Id("n"), 1, NodeState.Up, "", 1, false, "", ""), []);

    [Fact]
    public void Diffs_bring_a_follower_to_the_same_map_whether_they_overlap_or_come_twice()
    {
        var start = PartitionMap.Create(Guid.Empty, 2);
        var first = MapDecider.Decide(start, Node).Events;
        var after = start.Apply(first.AsSpan());
        var second = MapDecider.Decide(after, new LogDeletion(new DeletionRequest(["up"], 0, 1))).Events;
        var last = after.Apply(second.AsSpan());
        var follower = start.Follow(new MapDiff(0, first))!.Follow(new MapDiff(0, first))!.Follow(new MapDiff(0, [.. first, .. second]))!;
        Assert.True(last.ContentEquals(follower));
        Assert.Equal(1, follower.Deletions.Version);
    }

    [Fact]
    public void A_gap_asks_for_the_whole_map() =>
        Assert.Null(PartitionMap.Create(Guid.Empty, 2).Follow(new MapDiff(3, MapDecider.Decide(PartitionMap.Create(Guid.Empty, 2), Node).Events)));

    [Fact]
    public void A_copy_behind_what_the_deletion_log_has_forgotten_cannot_be_used()
    {
        var log = DeletionLog.Empty;
        for (var i = 0; i < 3; i++)
            log = log.Append(log.Next(new DeletionRequest(["up"], i, i)));
        Assert.Equal(2, log.After(1)!.Value.Length);
        log = log.Prune(2);
        Assert.Equal(3, log.Version);
        Assert.Null(log.After(1));
        Assert.Equal(1, log.After(2)!.Value.Length);
        Assert.Equal(0, log.After(3)!.Value.Length);
    }

    [Fact]
    public void A_full_deletion_log_refuses_with_its_reason()
    {
        var map = PartitionMap.Create(Guid.Empty, 1);
        for (var i = 0; i < DeletionLog.MaxEntries; i++)
            map = map.Apply(new DeletionLogged(map.Deletions.Next(new DeletionRequest(["up"], i, i))));
        Assert.NotNull(MapDecider.Decide(map, new LogDeletion(new DeletionRequest(["up"], 0, 0))).Refusal);
        map = map.Apply(MapDecider.Decide(map, new PruneDeletions(1)).Events.AsSpan());
        Assert.Null(MapDecider.Decide(map, new LogDeletion(new DeletionRequest(["up"], 0, 0))).Refusal);
    }
}
