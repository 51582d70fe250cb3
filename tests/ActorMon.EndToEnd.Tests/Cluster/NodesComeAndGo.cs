using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Members that come and go under load, with every sample judged at the end.</summary>
[Trait("Category", "Peers")]
public sealed class NodesComeAndGo(ITestOutputHelper output)
{
    [Fact]
    public async Task Of_two_nodes_with_a_witness_either_goes_on_alone_and_without_the_witness_nothing_happens()
    {
        await using var run = await ChaosRun.StartAsync(2, new Figures(output, "witness"));
        var scene = run.Scene;
        var witness = await scene.AddAsync(flags: "--witness");
        // Until every node has heard that the witness is up, a node that sees one of two others die has no majority.
        await scene.AtRestAsync();
        foreach (var killed in scene.Members.Take(2))
        {
            await killed.CrashAsync();
            await run.IsLoadedAsync();
            await killed.BeginAsync();
            await killed.ReadyAsync(ClusterScene.Patience);
            await scene.SettledAsync();
        }
        var version = await scene.AtRestAsync();
        await witness.CrashAsync();
        await Eventually.Async("the witness is away", async () => (await scene[0].ViewAsync())?.Up.Count() == 2, ClusterScene.Patience);
        // That it is away is all that has changed.
        Assert.Equal(version + 1, (await scene[0].ViewAsync())!.MapVersion);
        await scene.SettledAsync();
        await run.IsLoadedAsync();
        await run.JudgeAsync();
    }
}
