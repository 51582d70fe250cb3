namespace ActorMon.Cluster.Tests;

public sealed class ShardHandOverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scrape_shards_of_a_node_that_goes_run_on_elsewhere_and_never_in_two_places(bool gracefully)
    {
        await using var cluster = TestCluster.OnOneFile();
        await cluster.StartAsync(3);
        await ClusterNode.EventuallyAsync("no node has more than its share", () => Spread(cluster, most: 2));
        var gone = cluster.Nodes.First(n => cluster.Places.Now()[n.Address.ToString()].Any());
        var address = gone.Address.ToString();

        cluster.Nodes.Remove(gone);
        if (gracefully)
            await gone.LeaveAsync();
        else
            await gone.KillAsync();

        await ClusterNode.EventuallyAsync("all shards run on the others", () => Spread(cluster, most: 2) && !cluster.Places.Now()[address].Any());
        await ClusterNode.EventuallyAsync("Control has heard of all", async () => (await cluster.Nodes[0].StateAsync()).ActiveShards == ClusterNode.Shards);
        Assert.Empty(cluster.Places.Doubled);
    }

    private static bool Spread(TestCluster cluster, int most)
    {
        var places = cluster.Places.Now();
        return places.Sum(node => node.Count()) == ClusterNode.Shards && places.All(node => node.Count() <= most);
    }
}
