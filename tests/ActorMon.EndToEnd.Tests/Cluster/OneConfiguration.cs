using System.Net;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Three nodes, each with files of its own, and one configuration.</summary>
[Trait("Category", "Peers")]
public sealed class OneConfiguration
{
    [Fact]
    public async Task A_reload_at_one_node_is_in_effect_on_all_or_on_none_and_a_node_that_was_away_takes_it()
    {
        await using var scene = new ClusterScene(new ClusterSetup(Jobs("a")));
        await scene.StartAsync(3);

        scene[1].WriteConfiguration(Jobs("a", "b"));
        Assert.Equal(HttpStatusCode.OK, await scene[1].PostAsync("/-/reload"));
        foreach (var member in scene.Members)
            Assert.Contains("job_name: b", await YamlAsync(member), StringComparison.Ordinal);
        await EventuallyAsync("the others' files are reported to differ", async () => await DifferAsync(scene[1]) == 2);

        // The password lies beside one node's file only.
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(scene[0].ConfigFile)!, "password"), "secret");
        scene[0].WriteConfiguration(Jobs("a", "c") + "    basic_auth: {username: u, password_file: password}\n");
        Assert.Equal(HttpStatusCode.InternalServerError, await scene[0].PostAsync("/-/reload"));
        foreach (var member in scene.Members)
            Assert.DoesNotContain("job_name: c", await YamlAsync(member), StringComparison.Ordinal);

        await scene[2].CrashAsync();
        await scene.SettledAsync();
        scene[0].WriteConfiguration(Jobs("a", "d"));
        Assert.Equal(HttpStatusCode.OK, await scene[0].PostAsync("/-/reload"));
        await scene[2].BeginAsync();
        await scene[2].ReadyAsync(ClusterScene.Patience);
        await EventuallyAsync("the node that was away uses it", async () => (await YamlAsync(scene[2])).Contains("job_name: d", StringComparison.Ordinal));

        // All of them stop: what they have agreed on outlives that.
        foreach (var member in scene.Members)
            await member.CrashAsync();
        foreach (var member in scene.Members)
            await member.BeginAsync();
        foreach (var member in scene.Members)
            await member.ReadyAsync(ClusterScene.Patience);
        foreach (var member in scene.Members)
            Assert.Contains("job_name: d", await YamlAsync(member), StringComparison.Ordinal);
    }

    private static Task EventuallyAsync(string what, Func<Task<bool>> holds) => Processes.Eventually.Async(what, holds, ClusterScene.Patience);

    private static async Task<string> YamlAsync(ClusterMember member) => (await member.ApiAsync("status/config")).GetProperty("yaml").GetString()!;

    private static async Task<int> DifferAsync(ClusterMember member) =>
        (await member.ApiAsync("status/cluster")).GetProperty("configuration").GetProperty("nodes").EnumerateArray().Count(n => n.GetProperty("differs").GetBoolean());

    private static string Jobs(params string[] names) =>
        "scrape_configs:\n" + string.Concat(names.Select(name => $"  - job_name: {name}\n    static_configs: [{{targets: ['127.0.0.1:1']}}]\n"));
}
