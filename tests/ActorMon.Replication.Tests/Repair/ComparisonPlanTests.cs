using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;
using ActorMon.Replication.Repair;

namespace ActorMon.Replication.Tests.Repair;

public sealed class ComparisonPlanTests
{
    private const long Day = ComparisonPlan.StretchMs;
    private const long Now = 100 * Day;
    private static readonly NodeId A = new(Guid.NewGuid());
    private static readonly NodeId B = new(Guid.NewGuid());
    private static readonly NodeId C = new(Guid.NewGuid());
    private static readonly NodeIncarnation Self = new(A, 1);

    [Fact]
    public void Everything_that_is_settled_is_compared_stretch_by_stretch_and_partition_by_partition_and_then_again()
    {
        var oldest = Now - ComparisonPlan.SettledMs - (2 * Day) - 5;
        var (plan, seen) = (ComparisonPlan.Start, new List<Comparison>());
        for (var i = 0; i < 7; i++)
        {
            (plan, var next) = plan.Take(Map(), Self, p => p.Value < 2 ? oldest : null, Now);
            seen.Add(next!.Value);
        }
        var settled = Now - ComparisonPlan.SettledMs;
        Comparison[] round =
        [
            .. new[] { 0, 1 }.SelectMany(p => new Comparison[]
            {
                new(new PartitionId(p), oldest, oldest + Day), new(new PartitionId(p), oldest + Day, oldest + (2 * Day)), new(new PartitionId(p), oldest + (2 * Day), settled),
            }),
        ];
        Assert.Equal([.. round, round[0]], seen);
    }

    [Fact]
    public void One_partition_alone_goes_round_as_well()
    {
        var (plan, oldest) = (ComparisonPlan.Start, Now - ComparisonPlan.SettledMs - 5);
        for (var i = 0; i < 3; i++)
        {
            (plan, var next) = plan.Take(Map(), Self, p => p.Value == 1 ? oldest : null, Now + i);
            Assert.Equal(new Comparison(new PartitionId(1), oldest, Now + i - ComparisonPlan.SettledMs), next);
        }
    }

    [Fact]
    public void After_a_node_has_gone_the_newest_stretches_are_compared_once_when_what_was_under_way_has_come()
    {
        var plan = ComparisonPlan.Start.Look(Map(), Self, Now - 5);
        var map = Map(new NodeRemoved(new NodeIncarnation(C, 1)));
        plan = plan.Look(map, Self, Now);
        Assert.Null(plan.TakeRecent(map, Self, Now + ComparisonPlan.RecentDelayMs - 1).Next);
        Assert.Equal([0, 1, 2], RecentOf(plan, map, Now));
    }

    [Fact]
    public void A_sibling_that_is_back_in_sync_after_it_was_behind_is_compared_with_once()
    {
        MapCommand[] gone = [new NodeRemoved(new NodeIncarnation(B, 1))];
        MapCommand[] back = [.. gone, new NodeUp(new MapNode(B, 2, NodeState.Up, "", 1, false, "", ""), [.. Enumerable.Range(0, 3).Select(p => new HeldCopy(new PartitionId(p), 1))])];
        var plan = ComparisonPlan.Start.Look(Map(), Self, 0).Look(Map(gone), Self, 1).Look(Map(back), Self, 2);
        Assert.Empty(plan.Recent);
        MapCommand[] joined = [.. back, new StartJoin(new PartitionId(1), B)];
        plan = plan.Look(Map(joined), Self, 3);
        MapCommand[] filled = [.. joined, new CaughtUp(StintOfB(joined))];
        MapCommand[] inSync = [.. filled, new Verified(StintOfB(filled))];

        plan = plan.Look(Map(inSync), Self, Now);

        Assert.Equal([1], RecentOf(plan, Map(inSync), Now));
        Assert.DoesNotContain(plan.Behind, b => b.Partition == 1);
    }

    private static CopyStint StintOfB(MapCommand[] commands) => CopyStint.Of(new PartitionId(1), Map(commands).Partitions[1].OnNode(B)!);

    [Fact]
    public void What_could_not_be_compared_is_compared_later()
    {
        var map = Map(new NodeRemoved(new NodeIncarnation(C, 1)));
        var plan = ComparisonPlan.Start.Look(Map(), Self, 0).Look(map, Self, Now);
        (plan, var next) = plan.TakeRecent(map, Self, Now + ComparisonPlan.RecentDelayMs);
        Assert.Equal([1, 2, 0], RecentOf(plan.Again(next!.Value, Now + 1), map, Now));
    }

    [Fact]
    public void Without_a_sibling_in_sync_nothing_is_compared()
    {
        var map = Map(new NodeRemoved(new NodeIncarnation(B, 1)));
        var plan = ComparisonPlan.Start.Look(Map(), Self, 0).Look(map, Self, 1);
        Assert.Null(plan.Take(map, Self, _ => 0, Now).Next);
        Assert.Null(plan.TakeRecent(map, Self, Now).Next);
    }

    /// <summary>Partitions in the order in which their newest stretches are compared, which end at <paramref name="end"/> or a moment after it.</summary>
    private static List<int> RecentOf(ComparisonPlan plan, PartitionMap map, long end)
    {
        var partitions = new List<int>();
        for (var now = end + ComparisonPlan.RecentDelayMs; now < end + ComparisonPlan.RecentDelayMs + 2; now++)
            while (plan.TakeRecent(map, Self, now) is { Next: { } next } taken)
            {
                Assert.InRange(next.To, end, end + 1);
                Assert.Equal(next.To - ComparisonPlan.SettledMs, next.From);
                partitions.Add(next.Partition.Value);
                plan = taken.After;
            }
        return partitions;
    }

    /// <summary>Three partitions with copies on A and B; C holds nothing.</summary>
    private static PartitionMap Map(params MapCommand[] then)
    {
        var map = PartitionMap.Create(Guid.NewGuid(), 3);
        MapCommand[] first =
        [
            .. new[] { A, B, C }.Select(id => new NodeUp(new MapNode(id, 1, NodeState.Up, "", 1, false, "", ""), [])),
            .. Enumerable.Range(0, 3).Select(p => new OpenFresh(new PartitionId(p), [A, B])),
        ];
        foreach (var command in first.Concat(then))
            map = map.Apply(MapDecider.Decide(map, command).Events.AsSpan());
        return map;
    }
}
