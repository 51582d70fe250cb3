using System.Net;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Samples that were deleted while a node was away do not come back with it.</summary>
[Trait("Category", "Peers")]
public sealed class DeletionsReachEveryCopy
{
    private const int Series = 64;

    [Fact]
    public async Task What_was_deleted_while_a_node_was_away_stays_deleted_on_every_node()
    {
        await using var scene = new ClusterScene(new ClusterSetup("global: {}\n"));
        await scene.StartAsync(3);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
        foreach (var metric in new[] { "gone", "kept" })
            Assert.Equal(HttpStatusCode.NoContent, await new RemoteWriter(scene[0]).SendAsync(Enumerable.Range(0, Series)
                .Select(i => ((IReadOnlyList<(string, string)>)[("__name__", metric), ("job", "j"), ("instance", $"i{i}")], time, (double)i))));
        await AllAnswerAsync(scene, "gone", time, Series);

        await scene[2].CrashAsync();
        await scene.SettledAsync();
        Assert.Equal(HttpStatusCode.NoContent, await scene[0].PostAsync("/api/v1/admin/tsdb/delete_series?match[]=gone"));
        await AllAnswerAsync(scene, "gone", time, null);
        Assert.Equal(HttpStatusCode.NoContent, await scene[1].PostAsync("/api/v1/admin/tsdb/clean_tombstones"));

        await scene[2].BeginAsync();
        await scene[2].ReadyAsync(ClusterScene.Patience);
        await scene.SettledAsync();
        await AllAnswerAsync(scene, "gone", time, null);
        // The copies of the node that was away are read as well.
        await scene[0].CrashAsync();
        await scene.SettledAsync();
        await AllAnswerAsync(scene, "gone", time, null);
        await AllAnswerAsync(scene, "kept", time, Series);
    }

    private static async Task AllAnswerAsync(ClusterScene scene, string metric, long time, double? count)
    {
        foreach (var member in scene.Running)
            Assert.Equal(count, await member.ValueAsync($"count({metric})", time / 1000.0));
    }
}
