using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests.Map;

public class MapDeciderTests
{
    [Fact]
    public void A_fresh_partition_is_complete_from_the_start()
    {
        var bench = new MapBench(2, "a", "b");
        bench.Do(new OpenFresh(MapBench.Partition, [MapBench.Id("a"), MapBench.Id("b")]));
        Assert.True(bench.State.IsComplete);
        Assert.Equal(2, bench.State.Required.Count());
        Assert.Empty(bench.Do(new OpenFresh(MapBench.Partition, [MapBench.Id("a")])).Events);
    }

    [Fact]
    public void A_node_that_never_heard_of_its_fresh_copy_ends_the_waiting_without_files_and_one_that_has_does_not()
    {
        var bench = new MapBench(1, "a");
        bench.Do(new OpenFresh(MapBench.Partition, [MapBench.Id("a")]));
        bench.Up("a");
        Assert.Equal("a:InSync", bench.States);
        bench.Do(new Verified(bench.Stint("a")));
        bench.Up("a");
        Assert.Equal("a:Lost", bench.States);
    }

    [Fact]
    public void A_joining_copy_is_waited_for_before_it_is_read_and_raises_the_fence_then()
    {
        var bench = new MapBench(2, "a", "b").Opened("a");
        var fence = bench.State.Fence;
        bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        Assert.Equal("a:InSync b:Joining", bench.States);
        Assert.Equal(fence, bench.State.Fence);
        Assert.Single(bench.State.Required);
        bench.Do(new CaughtUp(bench.Stint("b")));
        Assert.Equal(bench.State.Epoch, bench.State.Fence);
        Assert.Equal(2, bench.State.Required.Count());
        Assert.Equal(1, bench.State.InSyncCount);
        bench.Do(new Verified(bench.Stint("b")));
        Assert.Equal("a:InSync b:InSync", bench.States);
    }

    [Fact]
    public void A_report_about_an_earlier_state_changes_nothing()
    {
        var bench = new MapBench(2, "a", "b").Opened("a");
        bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        var joining = bench.Stint("b");
        bench.Do(new CancelJoin(joining));
        bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        Assert.Empty(bench.Do(new CaughtUp(joining)).Events);
        Assert.Equal("a:InSync b:Joining", bench.States);
    }

    [Fact]
    public void A_restarted_holder_is_out_of_sync_and_its_sibling_goes_on_alone()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");
        bench.Up("a", bench.State.Epoch);
        Assert.Equal("a:Stale b:InSync", bench.States);
        Assert.True(bench.State.IsComplete);
    }

    [Fact]
    public void The_last_copy_is_waited_for_and_serves_at_once_when_it_is_back()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");
        var epoch = bench.State.Epoch;
        bench.Gone("a");
        bench.Gone("b");
        Assert.Equal("a:Stale b:Lost", bench.States);
        bench.Up("a", epoch);
        Assert.Equal("a:Stale b:Lost", bench.States);
        bench.Up("b", epoch);
        Assert.Equal("a:Stale b:InSync", bench.States);
        Assert.True(bench.State.IsComplete);
    }

    [Fact]
    public void A_disk_that_has_not_seen_the_copy_in_sync_does_not_end_the_waiting()
    {
        var bench = new MapBench(1, "a", "b").Opened("a");
        bench.Join("b");
        bench.Gone("a");
        bench.Gone("b");
        bench.Up("b", bench.Copy("b")!.Admitted - 1);
        Assert.Equal("a:Stale b:Lost", bench.States);
        bench.Up("b");
        Assert.Equal("a:Stale b:Lost", bench.States);
        bench.Up("b", bench.Copy("b")!.Admitted);
        Assert.Equal("a:Stale b:InSync", bench.States);
    }

    [Fact]
    public void Others_take_over_partially_until_each_of_them_has_merged_the_copy_that_was_waited_for()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a");
        var epoch = bench.State.Epoch;
        bench.Gone("a");
        bench.Do(new OpenIncomplete(MapBench.Partition, [MapBench.Id("b"), MapBench.Id("c")]));
        bench.Do(new Verified(bench.Stint("b")));
        bench.Do(new Verified(bench.Stint("c")));
        Assert.Equal("a:Lost b:InSync c:InSync", bench.States);
        Assert.False(bench.State.IsComplete);
        bench.Up("a", epoch);
        Assert.Equal("a:Returned b:InSync c:InSync", bench.States);
        bench.Do(new MergedAwaited(bench.Stint("b"), bench.Stint("a")));
        Assert.False(bench.State.IsComplete);
        bench.Do(new MergedAwaited(bench.Stint("c"), bench.Stint("a")));
        Assert.Equal("a:Stale b:InSync c:InSync", bench.States);
        Assert.True(bench.State.IsComplete);
    }

    [Fact]
    public void A_copy_that_compared_itself_before_the_awaited_one_was_merged_compares_itself_again()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a");
        var epoch = bench.State.Epoch;
        bench.Gone("a");
        bench.Do(new OpenIncomplete(MapBench.Partition, [MapBench.Id("b")]));
        bench.Do(new Verified(bench.Stint("b")));
        bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("c")));
        bench.Do(new CaughtUp(bench.Stint("c")));
        var compared = bench.Stint("c");
        bench.Up("a", epoch);
        bench.Do(new MergedAwaited(bench.Stint("b"), bench.Stint("a")));
        Assert.True(bench.State.IsComplete);
        Assert.Empty(bench.Do(new Verified(compared)).Events);
        bench.Do(new Verified(bench.Stint("c")));
        Assert.Equal("a:Stale b:InSync c:InSync", bench.States);
    }

    [Fact]
    public void A_copy_that_was_to_take_over_lacks_what_the_returned_one_has()
    {
        var bench = new MapBench(2, "a", "b").Opened("a");
        var epoch = bench.State.Epoch;
        bench.Gone("a");
        bench.Do(new OpenIncomplete(MapBench.Partition, [MapBench.Id("b")]));
        var opening = bench.Stint("b");
        bench.Up("a", epoch);
        Assert.Equal("a:InSync b:Stale", bench.States);
        Assert.Empty(bench.Do(new Verified(opening)).Events);
    }

    [Fact]
    public void A_copy_goes_only_when_enough_others_are_in_sync()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a", "b");
        Assert.Empty(bench.Do(new StartLeave(bench.Stint("a"))).Events);
        bench.Join("c");
        bench.Do(new StartLeave(bench.Stint("a")));
        Assert.Equal("a:Leaving b:InSync c:InSync", bench.States);
        Assert.Empty(bench.Do(new StartLeave(bench.Stint("b"))).Events);
        bench.Do(new SteppedOut(bench.Stint("a"), Failed: false));
        Assert.Equal("a:Dropping b:InSync c:InSync", bench.States);
        bench.Do(new CopyDropped(bench.Stint("a")));
        Assert.Equal("b:InSync c:InSync", bench.States);
    }

    [Fact]
    public void A_copy_that_was_asked_to_leave_stays_when_the_others_are_gone()
    {
        var bench = new MapBench(1, "a", "b").Opened("a");
        bench.Join("b");
        bench.Do(new StartLeave(bench.Stint("a")));
        var leaving = bench.Stint("a");
        bench.Gone("b");
        Assert.Equal("a:InSync b:Stale", bench.States);
        Assert.Empty(bench.Do(new SteppedOut(leaving, Failed: false)).Events);
        Assert.Equal("a:InSync b:Stale", bench.States);
    }

    [Fact]
    public void Failing_storage_takes_a_copy_out_and_the_last_one_is_waited_for()
    {
        var bench = new MapBench(2, "a", "b").Opened("a", "b");
        bench.Do(new SteppedOut(bench.Stint("a"), Failed: true));
        Assert.Equal("a:Faulted b:InSync", bench.States);
        bench.Do(new SteppedOut(bench.Stint("b"), Failed: true));
        Assert.Equal("a:Faulted b:Lost", bench.States);
        bench.Do(new CopyRepaired(bench.Stint("a"), bench.State.Epoch));
        bench.Do(new CopyRepaired(bench.Stint("b"), bench.State.Epoch));
        Assert.Equal("a:Stale b:InSync", bench.States);
    }

    [Fact]
    public void The_number_of_replicas_rises_with_the_nodes_and_never_falls_because_they_died()
    {
        var bench = new MapBench(2, "a");
        Assert.Equal(1, bench.Map.ReplicasInForce);
        bench.Up("b");
        Assert.Equal(2, bench.Map.ReplicasInForce);
        bench.Gone("b");
        Assert.Equal(2, bench.Map.ReplicasInForce);
        bench.Do(new SetReplicas(1));
        Assert.Equal(1, bench.Map.ReplicasInForce);
    }

    [Fact]
    public void A_removed_life_does_not_return_and_an_older_removal_does_not_touch_the_new_one()
    {
        var bench = new MapBench(1, "a").Opened("a");
        var first = bench.Map.Nodes[MapBench.Id("a")].Current;
        bench.Up("a", bench.State.Epoch);
        Assert.Empty(bench.Do(new NodeRemoved(first)).Events);
        Assert.True(bench.Map.Nodes[MapBench.Id("a")].IsUp);
        bench.Gone("a");
        var same = bench.Map.Nodes[MapBench.Id("a")];
        Assert.NotNull(bench.Do(new NodeUp(same, [])).Refusal);
    }

    [Fact]
    public void Files_that_the_map_does_not_know_become_a_copy_that_can_be_granted()
    {
        var bench = new MapBench(1, "a").Opened("a");
        bench.Up("b", 1);
        Assert.Equal("a:InSync b:Stale", bench.States);
        bench.Do(new GrantDrop(bench.Stint("b")));
        Assert.Equal("a:InSync b:Dropping", bench.States);
    }

    [Fact]
    public void A_node_is_given_up_only_when_no_partition_waits_for_it()
    {
        var bench = new MapBench(1, "a").Opened("a");
        Assert.NotNull(bench.Do(new ForgetNode(MapBench.Id("a"))).Refusal);
        bench.Gone("a");
        Assert.NotNull(bench.Do(new ForgetNode(MapBench.Id("a"))).Refusal);
        bench.Do(new ForgetAwaited(MapBench.Partition));
        Assert.Null(bench.Do(new ForgetNode(MapBench.Id("a"))).Refusal);
        Assert.Empty(bench.Map.Nodes);
    }

    [Fact]
    public void A_floor_only_rises()
    {
        var bench = new MapBench(1, "a");
        bench.Do(new RaiseFloor(MapBench.Partition, 10));
        Assert.Empty(bench.Do(new RaiseFloor(MapBench.Partition, 5)).Events);
        Assert.Equal(10, bench.State.RetentionFloor);
    }
}
