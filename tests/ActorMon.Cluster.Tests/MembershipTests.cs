using ActorMon.Replication.Map;

namespace ActorMon.Cluster.Tests;

public sealed class MembershipTests
{
    [Fact]
    public async Task Three_new_nodes_become_one_cluster_in_which_every_partition_has_two_copies_in_sync_on_different_nodes()
    {
        await using var cluster = TestCluster.OnOneFile();

        var nodes = await cluster.StartAsync(3);

        var map = TestCluster.MapOf(nodes[1]);
        Assert.Equal(nodes.Select(n => n.Id).Order(), map.UpNodes.Select(n => n.Id));
        Assert.All(map.Partitions, p => Assert.Equal((2, 2, true), (p.InSyncCount, p.Copies.Select(c => c.Node).Distinct().Count(), p.IsComplete)));
        // Even: 16 copies on 3 nodes.
        Assert.All(nodes, n => Assert.InRange(map.CopiesOn(n.Id).Count(), 5, 6));
        await ClusterNode.EventuallyAsync("every node has heard from a majority", () => nodes.All(n => n.Standing.IsConfirmed));
        var state = await nodes[2].StateAsync();
        Assert.Equal((2 * ClusterNode.Partitions, 2 * ClusterNode.Partitions, ClusterNode.Shards), (state.ServingReplicas, state.Replicas, state.ActiveShards));
    }

    [Fact]
    public async Task A_node_that_dies_is_removed_from_the_map_and_its_siblings_stay_in_sync()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        var dead = nodes.First(n => !n.HasControl);

        await dead.KillAsync();
        cluster.Nodes.Remove(dead);

        await ClusterNode.EventuallyAsync("the map has the node away", () => TestCluster.MapOf(cluster.Nodes[0]).Nodes[dead.Id].State == NodeState.Away);
        await cluster.SettledAsync();
        var map = TestCluster.MapOf(cluster.Nodes[1]);
        Assert.All(map.Partitions, p => Assert.True(p.IsComplete));
        Assert.All(map.CopiesOn(dead.Id), held => Assert.False(held.Copy.IsReceiver));
        await ClusterNode.EventuallyAsync("every copy that is left answers", async () => (await cluster.Nodes[0].StateAsync()).Complete);
    }

    [Fact]
    public async Task Control_that_dies_with_its_node_goes_on_elsewhere_with_the_map_it_had()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        var first = nodes.Single(n => n.HasControl);
        var before = TestCluster.MapOf(first);

        await first.KillAsync();
        cluster.Nodes.Remove(first);

        await ClusterNode.EventuallyAsync(
            "the map has the node away", () => Task.FromResult(cluster.Nodes.All(n => TestCluster.MapOf(n).Nodes[first.Id].State == NodeState.Away)),
            async () => string.Join('\n', await Task.WhenAll(cluster.Nodes.Select(n => n.DescribeAsync()))));
        var after = TestCluster.MapOf(cluster.Nodes[0]);
        Assert.True(after.Version > before.Version);
        Assert.Equal(before.Cluster, after.Cluster);
        Assert.All(after.Partitions, p => Assert.True(p.IsComplete));
        Assert.Null((await cluster.Nodes[0].DoAsync(new Drain(cluster.Nodes[1].Id, true))).Error);
    }

    [Fact]
    public async Task A_node_that_comes_back_is_up_in_a_new_life_and_its_copies_are_behind()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        var gone = nodes[2];
        await gone.LeaveAsync();
        cluster.Nodes.Remove(gone);
        await ClusterNode.EventuallyAsync("the map has the node away", () => TestCluster.MapOf(cluster.Nodes[0]).Nodes[gone.Id].State == NodeState.Away);

        var back = await cluster.AddAsync("n2", 3);

        await ClusterNode.EventuallyAsync("the map has the node up", () => back.View.Current is { } map && map.IsUp(back.View.Self));
        Assert.Equal(gone.Id, back.Id);
        Assert.All(TestCluster.MapOf(back).CopiesOn(back.Id), held => Assert.False(held.Copy.IsInSync));
    }

    [Fact]
    public async Task A_node_alone_has_its_map_at_once_and_its_journal_later()
    {
        await using var cluster = TestCluster.OnOneFile();

        var node = await cluster.AddAsync("n0", 1);

        Assert.All(TestCluster.MapOf(node).Partitions, p => Assert.True(p.IsComplete));
        await ClusterNode.EventuallyAsync("its copies answer", async () => (await node.StateAsync()).Complete);
        await ClusterNode.EventuallyAsync("the map is journalled", async () => await node.MapStatusAsync() is { JournalError: null, Waiting: 0 } && node.Registry.Collect()
            .Where(f => f.Name == "actormon_journal_events_total").SelectMany(f => f.Metrics).Sum(m => m.Value) > 0);
    }
}
