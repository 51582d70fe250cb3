using ActorMon.Replication.Map;
using ActorMon.Testing.Databases;

namespace ActorMon.Cluster.Tests;

public sealed class JournalAwayTests
{
    [Fact]
    public async Task While_the_journal_is_away_the_map_stays_as_it_is_and_afterwards_what_was_wanted_happens()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var cluster = new TestCluster("postgresql", postgres.ConnectionString);
        var nodes = await cluster.StartAsync(2);
        var before = TestCluster.MapOf(nodes[0]);

        await postgres.StopAsync();
        var drained = nodes[0].DoAsync(new Drain(nodes[1].Id, true));
        await ClusterNode.EventuallyAsync("the state says so", async () => await nodes[1].MapStatusAsync() is { JournalError: not null, Waiting: > 0 });

        Assert.False(drained.IsCompleted);
        Assert.Equal(before.Version, TestCluster.MapOf(nodes[0]).Version);
        Assert.True((await nodes[0].StateAsync()).Complete);
        Assert.All(nodes, n => Assert.True(n.Standing.IsConfirmed));

        await postgres.RestartAsync();

        Assert.Null((await drained).Error);
        await ClusterNode.EventuallyAsync("every node has the new map", () => nodes.All(n => TestCluster.MapOf(n).Nodes[nodes[1].Id].Draining));
        // Not by one: as soon as the node drains, its copies begin to leave.
        Assert.True(TestCluster.MapOf(nodes[0]).Version > before.Version);
    }
}
