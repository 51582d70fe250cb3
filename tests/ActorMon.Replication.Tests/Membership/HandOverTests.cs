using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;

namespace ActorMon.Replication.Tests.Membership;

public class HandOverTests
{
    [Fact]
    public void A_partition_is_missing_until_it_is_in_sync_on_R_other_nodes()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a", "b");

        Assert.Equal([MapBench.Partition], Missing(bench, "a"));
        bench.Join("c");
        Assert.Empty(Missing(bench, "a"));
    }

    [Fact]
    public void More_copies_than_there_are_nodes_for_are_not_waited_for()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");

        Assert.Empty(Missing(bench, "a"));
        Assert.Equal(1, HandOver.Weakened(bench.Map, MapBench.Id("a")));
    }

    [Fact]
    public void The_last_node_hands_nothing_over()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");
        bench.Gone("b");

        Assert.Empty(HandOver.Heirs(bench.Map, MapBench.Id("a")));
        Assert.Empty(Missing(bench, "a"));
    }

    [Fact]
    public void Nodes_that_stop_at_the_same_time_do_not_count_on_each_other()
    {
        var bench = new MapBench(1, "a", "b", "c").Opened("a");
        bench.Join("b");
        Stop(bench, "a");
        Stop(bench, "b");

        Assert.Equal([MapBench.Partition], Missing(bench, "a"));
        Assert.Equal([MapBench.Partition], Missing(bench, "b"));
        Stop(bench, "c");
        // All of them go: nobody is left to wait for.
        Assert.Empty(Missing(bench, "a"));
    }

    [Fact]
    public void A_copy_that_came_back_is_waited_for_until_the_others_have_what_it_has()
    {
        var bench = new MapBench(1, "a", "b").Opened("a");
        bench.Gone("a");
        bench.Do(new OpenIncomplete(MapBench.Partition, [MapBench.Id("b")]));
        bench.Do(new Verified(bench.Stint("b")));
        bench.Up("a", bench.State.Epoch);
        Assert.Equal(CopyState.Returned, bench.Copy("a")!.State);

        Assert.Equal([MapBench.Partition], Missing(bench, "a"));
        bench.Do(new MergedAwaited(bench.Stint("b"), bench.Stint("a")));
        Assert.Empty(Missing(bench, "a"));
    }

    [Fact]
    public void A_stop_is_of_one_life()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");
        var life = bench.Map.Nodes[MapBench.Id("a")].Current;
        Stop(bench, "a");
        bench.Gone("a");
        Assert.True(bench.Map.Nodes[MapBench.Id("a")].Stopping);

        bench.Up("a", bench.State.Epoch);
        Assert.False(bench.Map.Nodes[MapBench.Id("a")].Stopping);
        Assert.True(bench.Do(new BeginStop(life)).Events.IsDefaultOrEmpty);
    }

    private static IReadOnlyList<Model.Sharding.PartitionId> Missing(MapBench bench, string node) => HandOver.Missing(bench.Map, MapBench.Id(node), bench.Map.ReplicasInForce);

    private static void Stop(MapBench bench, string node) => bench.Do(new BeginStop(bench.Map.Nodes[MapBench.Id(node)].Current));
}
