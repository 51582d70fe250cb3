using System.Globalization;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>kill -9 of a node of three again and again: half of them start again at once, half after the others have removed them.</summary>
[Trait("Category", "Chaos")]
public sealed class KillsOfNodes(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_nodes_take_no_acknowledged_sample_along_and_scrapes_and_answers_go_on()
    {
        var figures = new Figures(output, "kills");
        var random = new Random(ChaosSettings.Seed);
        await using var run = await ChaosRun.StartAsync(3, figures);
        var scene = run.Scene;
        for (var kill = 1; kill <= ChaosSettings.Kills; kill++)
        {
            await Task.Delay(random.Next(3_000));
            var victim = scene[random.Next(scene.Members.Count)];
            var isAway = kill % 2 == 0;
            var began = run.Probe.Now;
            await victim.CrashAsync();
            if (isAway)
                await Task.Delay(ChaosSettings.Absence);
            await victim.BeginAsync();
            await victim.ReadyAsync(ClusterScene.Patience);
            await scene.SettledAsync();
            var settled = run.Probe.Now - began;
            await run.IsLoadedAsync();
            var outage = run.Probe.Outage(began, run.Probe.Now);
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: {victim} {(isAway ? "away for a while" : "back at once")}; settled after {settled.TotalSeconds:F1} s"));
            figures.Goal($"kill {kill}, queries on a node that stayed failed for", outage.Failed, 2);
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: answers were incomplete, and said so, for {outage.Incomplete.TotalSeconds:F1} s; the slowest complete one took {outage.Slowest.TotalSeconds:F1} s"));
            if (ChaosSettings.Period - (run.Probe.Now - began) is var left && left > TimeSpan.Zero)
                await Task.Delay(left);
        }
        await run.JudgeAsync();
        figures.AssertGoals();
    }
}
