using System.Globalization;
using ActorMon.EndToEnd.Tests.Cluster;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>
/// Three nodes and PostgreSQL, alerts that flap (told to any node, and one by the nodes' own rules), a webhook that is out of order now and then; nodes are killed and the network is cut,
/// again and again ($ACTORMON_ALERT_KILLS, _SPLITS, $ACTORMON_ALERTS). Every page comes, none twice, no end before its beginning, nothing leaks out that is held back.
/// </summary>
[Trait("Category", "Chaos")]
public sealed class PagesOutliveNodes(ITestOutputHelper output)
{
    private static readonly int Kills = Setting("ACTORMON_ALERT_KILLS", 10);
    private static readonly int Splits = Setting("ACTORMON_ALERT_SPLITS", 1);
    private static readonly int Alerts = Setting("ACTORMON_ALERTS", 100);

    private static readonly TimeSpan RulePeriod = TimeSpan.FromSeconds(160);

    private readonly Random _random = new(ChaosSettings.Seed);

    [Fact]
    public async Task Every_page_comes_once_whatever_happens_to_the_nodes()
    {
        var figures = new Figures(output, "pages");
        await using var recorder = new PageRecorder();
        await using var scene = new ClusterScene(new ClusterSetup("global: {scrape_interval: 15s}\nrule_files: [rules.yml]\n") { OnPostgres = true, HasNetwork = true, Prepare = member => Prepare(member, recorder) });
        await scene.StartAsync(3);
        await SilenceAsync(scene[0]);
        var begin = TimeProvider.System.GetUtcNow();
        var sender = new FlappingSender(() => scene.Running, Alerts, ChaosSettings.Seed);
        using var stop = new CancellationTokenSource();
        using var calm = new CancellationTokenSource();
        var sending = sender.RunAsync(stop.Token);
        var storms = recorder.StormAsync(ChaosSettings.Seed, calm.Token);

        for (var disturbance = 1; disturbance <= Kills + Splits; disturbance++)
            if (disturbance % ((Kills / Math.Max(1, Splits)) + 1) == 0 && Splits > 0)
                await SplitAsync(scene);
            else
                await KillAsync(scene, disturbance);
        await calm.CancelAsync();
        await storms;
        sender.End();
        var end = TimeProvider.System.GetUtcNow();
        List<string> Missing() => [.. PageJudge.Missing(sender.Stretches(), recorder.Pages), .. PageJudge.MissingOfRule(begin, end, RulePeriod, recorder.Pages)];
        var missing = new List<string>();
        try
        {
            await Eventually.Async("every page has come", () => Task.FromResult((missing = Missing()).Count == 0), ClusterScene.Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; {missing.Count} missing, the first: {string.Join("; ", missing.Take(5))}", e);
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }

        var pages = recorder.Pages;
        var doubled = PageJudge.Judge(pages);
        figures.Add(string.Create(CultureInfo.InvariantCulture,
            $"{Kills} kills, {Splits} splits; {pages.Count} pages of {Alerts} alerts, {doubled} told twice, {recorder.Refused} refused by the webhook, {sender.Refused} times no node took alerts at once"));
        // A kill between the webhook's answer and its record repeats what was being told at that moment, under its key.
        foreach (var repeated in PageJudge.Doubled(pages, underAnotherKey: false))
            figures.Add("told again: " + repeated);
        var anew = string.Join("; ", PageJudge.Doubled(pages, underAnotherKey: true));
        Assert.True(anew.Length == 0, "told again as something new: " + anew);
        figures.Goal("pages told again of 10,000", doubled * 10_000.0 / pages.Count, Math.Max(1, 10_000.0 / pages.Count));
        Assert.True(doubled <= Kills + Splits, string.Create(CultureInfo.InvariantCulture, $"{doubled} of {pages.Count} pages were told twice"));
        figures.AssertGoals();
    }

    private async Task KillAsync(ClusterScene scene, int kill)
    {
        await Task.Delay(_random.Next(4_000));
        var victim = scene[_random.Next(scene.Members.Count)];
        await victim.CrashAsync();
        if (kill % 2 == 0)
            await Task.Delay(ChaosSettings.Absence);
        await victim.BeginAsync();
        await victim.ReadyAsync(ClusterScene.Patience);
        await scene.SettledAsync();
    }

    private async Task SplitAsync(ClusterScene scene)
    {
        var alone = scene[_random.Next(scene.Members.Count)];
        scene.Network!.Cut([alone], [.. scene.Members.Where(m => m != alone)]);
        await Task.Delay(ChaosSettings.Disturbance);
        scene.Network.Heal();
        await scene.SettledAsync();
    }

    private static void Prepare(ClusterMember member, PageRecorder recorder)
    {
        var folder = Path.GetDirectoryName(member.ConfigFile)!;
        File.WriteAllText(Path.Combine(folder, "rules.yml"), string.Create(CultureInfo.InvariantCulture, $$"""
            groups:
            - name: g
              interval: 2s
              rules:
              - alert: Ruled
                expr: 'vector(time()) % {{RulePeriod.TotalSeconds}} < {{RulePeriod.TotalSeconds / 2}}'
                labels: {instance: rule}

            """));
        File.WriteAllText(Path.Combine(folder, "alertmanager.yml"), $$"""
            route: {receiver: hook, group_by: ['...'], group_wait: 1s, group_interval: 2s, repeat_interval: 12h}
            receivers: [{name: hook, webhook_configs: [{url: '{{recorder.Url}}'}]}]
            inhibit_rules: [{source_matchers: [alertname=Source], target_matchers: [alertname=Target]}]

            """);
        member.ExtraFlags.Add("--alertmanager.config.file=" + Path.Combine(folder, "alertmanager.yml"));
    }

    private static async Task SilenceAsync(ClusterMember node)
    {
        var now = TimeProvider.System.GetUtcNow();
        await Eventually.Async("a silence is taken", async () =>
        {
            using var content = new StringContent(
                $$"""{"matchers":[{"name":"alertname","value":"Silenced","isRegex":false,"isEqual":true}],"startsAt":"{{AlertStream.Time(now)}}","endsAt":"{{AlertStream.Time(now.AddHours(12))}}","createdBy":"me","comment":"known"}""",
                System.Text.Encoding.UTF8, "application/json");
            return await node.PostAsync("/api/v2/silences", content) == System.Net.HttpStatusCode.OK;
        }, ClusterScene.Patience);
        await Eventually.Async("the silence is seen", async () => (await node.TextAsync("/api/v2/silences")).Contains("known", StringComparison.Ordinal), ClusterScene.Patience);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
