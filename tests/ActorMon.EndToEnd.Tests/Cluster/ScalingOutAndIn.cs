using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>1 -> 2 -> 3 -> 4 -> 2 nodes while samples are written, scraped and read.</summary>
[Trait("Category", "Chaos")]
public sealed class ScalingOutAndIn(ITestOutputHelper output)
{
    private const int CopiesInAll = 32 * 2;

    [Fact]
    public async Task Nodes_come_and_go_and_the_same_queries_have_the_same_answers()
    {
        var figures = new Figures(output, "scale");
        await using var run = await ChaosRun.StartAsync(1, figures);
        var scene = run.Scene;
        var past = await PastAsync(run);
        foreach (var nodes in (int[])[2, 3, 4])
        {
            var before = await CopiesMadeAsync(scene);
            var began = run.Probe.Now;
            var added = await scene.AddAsync();
            await SameAsync(run, past);
            // It gets its share once it is known to Control.
            await Eventually.Async("the new node has copies", async () => await added.ViewAsync() is { } view && view.Nodes.Any(n => n.Id == view.Self && n.InSync > 0), ClusterScene.Patience);
            await scene.SettledAsync();
            var moved = run.Probe.Now - began;
            var made = await CopiesMadeAsync(scene) - before;
            // From the second node on each partition has two copies; then each new node takes its even share and no more.
            var least = nodes == 2 ? CopiesInAll / 2 : CopiesInAll / nodes;
            var bytes = await BytesAsync(scene);
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes: settled after {moved.TotalSeconds:F1} s, {made} copies made (the least: {least}), {bytes} bytes of parts received so far"));
            Assert.True(made <= least + 4, $"{made} copies were made for node {nodes}, {least} are enough");
            await SameAsync(run, past);
            await run.IsLoadedAsync();
        }
        foreach (var leaving in scene.Members.Skip(2).Reverse().ToList())
        {
            var began = run.Probe.Now;
            Assert.Equal(0, await leaving.LeaveAsync(ClusterScene.Patience));
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{leaving} has left after {(run.Probe.Now - began).TotalSeconds:F1} s"));
            await SameAsync(run, past);
            await scene.SettledAsync();
            await SameAsync(run, past);
            await run.IsLoadedAsync();
        }
        var outage = run.Probe.Outage(TimeSpan.Zero, run.Probe.Now);
        figures.Goal("queries failed for", outage.Failed, 0);
        figures.Goal("answers were incomplete for", outage.Incomplete, 0);
        await run.JudgeAsync();
        figures.AssertGoals();
    }

    /// <summary>Queries over what is there, with their answers; asked at a time that has passed, so that they never change.</summary>
    private static async Task<IReadOnlyList<(string Path, string Answer)>> PastAsync(ChaosRun run)
    {
        var begun = run.Written.Max(w => w.Acknowledged[0]);
        await Eventually.Async("ten seconds are there to be asked about", () => Task.FromResult(run.Written.Min(w => w.Newest) > begun + 10_000), ClusterScene.Patience);
        var at = run.Written.Min(w => w.Newest)!.Value / 1000.0 - 2;
        var past = new List<(string, string)>();
        foreach (var query in (string[])
            ["sum(written)", "count by (writer) (written)", "topk(5, written)", "sum by (s) (fleet)", "quantile(0.9, fleet)", "rate(written{writer='w0'}[30s])", "count(up)", "written[5s]"])
        {
            var path = MetricsServer.QueryPath(query, at);
            past.Add((path, await run.Scene[0].TextAsync(path)));
        }
        return past;
    }

    private static async Task SameAsync(ChaosRun run, IReadOnlyList<(string Path, string Answer)> past)
    {
        foreach (var member in run.Scene.Running)
            foreach (var (path, answer) in past)
                Assert.Equal(answer, await member.TextAsync(path));
    }

    /// <summary>Over all nodes that ever ran; those that have left are not asked any more.</summary>
    private static async Task<double> CopiesMadeAsync(ClusterScene scene) => await SumAsync(scene, "actormon_copies_filled_total");

    private static Task<double> BytesAsync(ClusterScene scene) => SumAsync(scene, "actormon_copy_received_bytes_total");

    private static async Task<double> SumAsync(ClusterScene scene, string metric)
    {
        var sum = 0.0;
        foreach (var member in scene.Running)
            sum += await member.OwnMetricAsync(metric) ?? 0;
        return sum;
    }
}
