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
    public void After_a_node_has_gone_the_newest_stretches_come_first_once()
    {
        var plan = ComparisonPlan.Start.Look(Map(), Self);
        var map = Map(new NodeRemoved(new NodeIncarnation(C, 1)));
        plan = plan.Look(map, Self);
        var partitions = new List<int>();
        while (plan.Take(map, Self, _ => null, Now) is { Next: { } next } taken)
        {
            Assert.Equal((Now - ComparisonPlan.SettledMs, long.MaxValue), (next.From, next.To));
            partitions.Add(next.Partition.Value);
            plan = taken.After;
        }
        Assert.Equal([0, 1, 2], partitions);
    }

    [Fact]
    public void Without_a_sibling_in_sync_nothing_is_compared()
    {
        var map = Map(new NodeRemoved(new NodeIncarnation(B, 1)));
        Assert.Null(ComparisonPlan.Start.Look(Map(), Self).Look(map, Self).Take(map, Self, _ => 0, Now).Next);
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
