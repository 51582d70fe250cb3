using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>One node whose clock is an hour off: its scrapes have the times it believes in, everything else stays right, and the others say so.</summary>
[Trait("Category", "Chaos")]
public sealed class WrongClocks(ITestOutputHelper output)
{
    [Theory]
    [InlineData("1h", 3_600_000)]
    [InlineData("-1h", -3_600_000)]
    public async Task A_node_whose_clock_is_an_hour_off_is_reported_and_nothing_is_lost(string offset, long milliseconds)
    {
        var figures = new Figures(output, "clock " + offset);
        await using var run = await ChaosRun.StartAsync(2, figures);
        var scene = run.Scene;
        // One that is behind takes what is written now for samples of the future, and refuses them.
        run.Clocks["n3"] = milliseconds;
        foreach (var writer in run.Written)
            writer.MayRefuse = member => run.Clocks.ContainsKey(member.Name);
        var began = run.Probe.Now;
        await scene.AddAsync(hocon: $"actormon.test {{ enabled = on, clock-offset = {offset} }}");
        await Eventually.Async("every node knows of it", async () =>
        {
            foreach (var member in scene.Running)
                if (await member.OwnMetricAsync("actormon_cluster_clock_difference_seconds") < 3_500)
                    return false;
            return scene[0].Process.Output.Contains("The clock of node", StringComparison.Ordinal);
        }, ClusterScene.Patience);
        figures.Goal("reported by every node, its start included, after", run.Probe.Now - began, 20);
        await scene.SettledAsync();
        await Task.Delay(ChaosSettings.Disturbance);
        var outage = run.Probe.Outage(began, run.Probe.Now);
        figures.Goal("queries failed for", outage.Failed, 0);
        figures.Add(string.Create(CultureInfo.InvariantCulture, $"answers were incomplete, and said so, for {outage.Incomplete.TotalSeconds:F1} s"));
        await run.JudgeAsync();
        figures.AssertGoals();
    }
}
