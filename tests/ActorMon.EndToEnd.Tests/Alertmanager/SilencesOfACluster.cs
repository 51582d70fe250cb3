using System.Globalization;
using System.Net;
using ActorMon.EndToEnd.Tests.Cluster;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;
using static ActorMon.Testing.Http.AlertmanagerCalls;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>What people say of alerts at one node holds at every node, and when any node is killed.</summary>
public sealed class SilencesOfACluster(ITestOutputHelper output)
{
    [Fact]
    public async Task Silences_recurring_ones_and_acknowledgements_of_any_node_hold_at_all_and_outlive_each()
    {
        await using var recorder = new PageRecorder();
        await using var scene = new ClusterScene(new ClusterSetup("global: {scrape_interval: 15s}\n") { OnPostgres = true, Prepare = member => Prepare(member, recorder) });
        await scene.StartAsync(3);
        await Eventually.Async("the Alertmanager is ready", async () => (await scene[0].TextAsync("/api/v2/status")).Contains("\"ready\"", StringComparison.Ordinal), ClusterScene.Patience);

        var now = TimeProvider.System.GetUtcNow();
        var id = await SilenceAsync(scene[0].Url, Silence("Quiet", now, now.AddHours(2), "me", "first"));
        await SeenAsync(scene, "a silence", "/api/v2/silences", id);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(scene[1].Url, HttpMethod.Put, $"{Management}/silences/{id}/edit", Silence("Quiet", now, now.AddHours(3), "me", "second")));
        await SeenAsync(scene, "its edit", $"{Management}/silences/{id}/versions", "second");
        await SilenceAsync(scene[2].Url, Silence("Nightly", now.AddMinutes(-5), now.AddHours(1), "me", "every night", ""","recurrence":{"rule":"FREQ=DAILY"}"""));
        await SeenAsync(scene, "a recurring silence", Management + "/recurring-silences", "every night");

        await TellAsync(scene[0]);
        await Eventually.Async("the first pages", () => Task.FromResult(Pages(recorder, "Known") > 0 && Pages(recorder, "Loud") > 0), ClusterScene.Patience);
        Assert.Equal(HttpStatusCode.NoContent, await FormAsync(scene[1].Url, Management + "/acknowledge", $"labels={Labels("Known")}&owner=ann&comment=on+it"));
        await SeenAsync(scene, "an acknowledgement", Management + "/acknowledgements", "on it");

        for (var victim = 0; victim < 3; victim++)
        {
            // A page of the acknowledged alert that was on its way when it was acknowledged is over by the second one of the other.
            await RepeatedAsync(recorder, 2);
            var known = Pages(recorder, "Known");
            await scene[victim].CrashAsync();
            await TellAsync(scene[(victim + 1) % 3]);
            await RepeatedAsync(recorder, 2);
            foreach (var node in scene.Running)
                foreach (var (path, text) in ((string, string)[])[("/api/v2/silences", id), ($"{Management}/silences/{id}/versions", "second"), (Management + "/recurring-silences", "every night"), (Management + "/acknowledgements", "on it")])
                    await Eventually.Async($"{node.Name} has {text}", async () => (await node.TextAsync(path)).Contains(text, StringComparison.Ordinal), ClusterScene.Patience);
            Assert.Equal(known, Pages(recorder, "Known"));
            Assert.Equal(0, Pages(recorder, "Quiet") + Pages(recorder, "Nightly"));
            await scene[victim].BeginAsync();
            await scene[victim].ReadyAsync(ClusterScene.Patience);
            await scene.SettledAsync();
        }
    }

    private static void Prepare(ClusterMember member, PageRecorder recorder)
    {
        var path = Path.Combine(Path.GetDirectoryName(member.ConfigFile)!, "alertmanager.yml");
        File.WriteAllText(path, $$"""
            route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1s}
            receivers: [{name: hook, webhook_configs: [{url: '{{recorder.Url}}'}]}]

            """);
        member.ExtraFlags.Add("--alertmanager.config.file=" + path);
    }

    private static Task TellAsync(ClusterMember node) => Eventually.Async(
        "alerts are taken", async () => await SendAsync(node.Url, HttpMethod.Post, "/api/v2/alerts", string.Create(CultureInfo.InvariantCulture,
            $$"""[{{string.Join(',', ((string[])["Known", "Loud", "Quiet", "Nightly"]).Select(name => $$"""{"labels":{"alertname":"{{name}}"},"startsAt":"2026-01-01T00:00:00Z","endsAt":"{{TimeProvider.System.GetUtcNow().AddHours(1):O}}"}"""))}}]""")) == HttpStatusCode.OK,
        ClusterScene.Patience);

    private static Task RepeatedAsync(PageRecorder recorder, int times)
    {
        var before = Pages(recorder, "Loud");
        return Eventually.Async("pages are repeated", () => Task.FromResult(Pages(recorder, "Loud") >= before + times), ClusterScene.Patience);
    }

    private async Task SeenAsync(ClusterScene scene, string what, string path, string text)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.Async($"every node has {what}", async () => (await Task.WhenAll(scene.Running.Select(node => node.TextAsync(path)))).All(answer => answer.Contains(text, StringComparison.Ordinal)), ClusterScene.Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"every node had {what} within {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F2} s"));
    }

    private static int Pages(PageRecorder recorder, string name) => recorder.Pages.Count(page => page.Name == name);
}
