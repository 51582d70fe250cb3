using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>The network between three nodes is cut in two and healed. Targets and clients reach all of them all the time.</summary>
[Trait("Category", "Chaos")]
public sealed class PartitionsOfTheNetwork(ITestOutputHelper output)
{
    [Fact]
    public async Task The_minority_acknowledges_nothing_and_says_that_its_answers_lack_something_and_afterwards_all_are_equal()
    {
        var figures = new Figures(output, "partition");
        await using var run = await ChaosRun.StartAsync(3, figures, setup => setup with { HasNetwork = true });
        var scene = run.Scene;
        var alone = scene[new Random(ChaosSettings.Seed).Next(scene.Members.Count)];
        var majority = scene.Members.Where(m => m != alone).ToList();

        var began = run.Probe.Now;
        scene.Network!.Cut([alone], majority);
        await Eventually.Async("the node that is alone knows it", async () => await alone.ViewAsync() is null or { Confirmed: false }, ClusterScene.Patience);
        figures.Goal("the minority said so after", run.Probe.Now - began, 10);

        // Told apart from the writers of the run: what the minority answers 2xx to must be there afterwards.
        var known = run.Probe.Now;
        var minority = new AcknowledgedWriter(() => [alone], "minority", 10);
        using (var stop = new CancellationTokenSource())
        {
            var writing = minority.RunAsync(stop.Token);
            await Task.Delay(ChaosSettings.Disturbance);
            await stop.CancelAsync();
            await writing;
        }
        Assert.Empty(minority.Acknowledged);
        Assert.DoesNotContain(run.Probe.Probes, p => p.Node.StartsWith(alone.Name + "#", StringComparison.Ordinal) && p.At > known && p.Outcome == ProbeOutcome.Complete);
        await Eventually.Async("the majority goes on", () => Task.FromResult(majority.All(m =>
            run.Probe.Probes.Any(p => p.Node == $"{m}#{m.Lives}" && p.At > known && p.Outcome == ProbeOutcome.Complete))), ClusterScene.Patience);
        var outage = run.Probe.Outage(began, run.Probe.Now, m => m != alone.Name);
        figures.Goal("queries on the majority failed for", outage.Failed, 2);

        scene.Network.Heal();
        var healed = run.Probe.Now;
        await scene.SettledAsync();
        figures.Goal("equal after the healing", run.Probe.Now - healed, 60);
        await run.IsLoadedAsync();
        await run.JudgeAsync();
        figures.AssertGoals();
    }
}
