using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>A node that stands still, as under a hypervisor that has forgotten it, and then goes on as if nothing had happened.</summary>
[Trait("Category", "Chaos")]
public sealed class FrozenNodes(ITestOutputHelper output)
{
    [Fact]
    public async Task A_node_that_was_frozen_loses_nothing_and_never_answers_as_if_it_knew()
    {
        var figures = new Figures(output, "pause");
        await using var run = await ChaosRun.StartAsync(3, figures);
        var scene = run.Scene;
        var frozen = scene[new Random(ChaosSettings.Seed).Next(scene.Members.Count)];

        var began = run.Probe.Now;
        await frozen.FreezeAsync();
        await Eventually.Async("the others report it", async () => (await Task.WhenAll(scene.Running.Select(m => m.ViewAsync()))).Any(v => v is { } view && (view.Unheard.Any() || view.UnderReplicated.Count > 0)), ClusterScene.Patience);
        figures.Goal($"the others reported {frozen} after", run.Probe.Now - began, 10);
        if (ChaosSettings.Disturbance - (run.Probe.Now - began) is var left && left > TimeSpan.Zero)
            await Task.Delay(left);
        figures.Goal("queries on the others failed for", run.Probe.Outage(began, run.Probe.Now, m => m != frozen.Name).Failed, 2);

        await frozen.ThawAsync();
        var thawed = run.Probe.Now;
        await scene.SettledAsync();
        figures.Goal("equal after it went on", run.Probe.Now - thawed, 60);
        await run.IsLoadedAsync();
        await run.JudgeAsync();
        figures.AssertGoals();
    }
}
