using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>The disk of one node of three is full for a while: a small file system of its own, filled by somebody else.</summary>
[Trait("Category", "Chaos")]
public sealed class FullDisks(ITestOutputHelper output)
{
    [SmallDiskFact]
    public async Task A_node_whose_disk_is_full_is_reported_and_nothing_is_lost()
    {
        var figures = new Figures(output, "disk");
        SmallDisk? disk = null;
        await using var run = await ChaosRun.StartAsync(3, figures, setup => setup with { Prepare = member => disk ??= member.Name == "n2" ? SmallDisk.At(member.DataDirectory, megabytes: 64) : null });
        using var mounted = disk!;
        var full = run.Scene[1];
        var began = run.Probe.Now;
        disk!.Fill();
        await Eventually.Async("it is reported", async () =>
            (await Task.WhenAll(run.Scene.Running.Where(m => m != full).Select(m => m.ViewAsync()))).Any(v => v is { UnderReplicated.Count: > 0 })
            || full.Process.Output.Contains("No space left", StringComparison.OrdinalIgnoreCase), ClusterScene.Patience);
        figures.Goal("reported after", run.Probe.Now - began, 10);
        await Task.Delay(ChaosSettings.Disturbance);
        await run.WritersGoOnAsync();
        var outage = run.Probe.Outage(began, run.Probe.Now, m => m != full.Name);
        figures.Goal("queries on the others failed for", outage.Failed, 2);

        disk.Empty();
        var emptied = run.Probe.Now;
        await run.Scene.SettledAsync();
        figures.Goal("equal after there was room again", run.Probe.Now - emptied, 90);
        await run.IsLoadedAsync();
        await run.JudgeAsync();
        figures.AssertGoals();
    }
}
