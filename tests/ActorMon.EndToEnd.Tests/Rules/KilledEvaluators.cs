using System.Globalization;
using ActorMon.EndToEnd.Tests.Alerts;
using ActorMon.EndToEnd.Tests.Cluster;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Rules;

/// <summary>
/// kill -9 of the node that evaluates a group, again and again (ACTORMON_RULE_KILLS, 3 by default), while its alerts wait, fire and are kept firing; beside it a node that nobody disturbs.
/// Every transition must be the right one at an evaluation that there was, and what Alertmanagers are told must be that.
/// </summary>
[Trait("Category", "Chaos")]
public sealed class KilledEvaluators(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("ACTORMON_RULE_KILLS") ?? "3", CultureInfo.InvariantCulture);

    private readonly Random _random = new(ChaosSettings.Seed);

    [Fact]
    public Task Of_three_nodes_with_PostgreSQL() => RunAsync(nodes: 3, onPostgres: true, new Figures(output, "rules, three nodes, PostgreSQL"));

    [Fact]
    public Task Of_one_node_with_SQLite() => RunAsync(nodes: 1, onPostgres: false, new Figures(output, "rules, one node, SQLite"));

    private async Task RunAsync(int nodes, bool onPostgres, Figures figures)
    {
        using var folder = new TestFolder();
        await using var told = new AlertRecorder(TimeProvider.System.GetUtcNow);
        await using var scene = new ClusterScene(new ClusterSetup(Configuration(told))
        {
            OnPostgres = onPostgres,
            Replicas = Math.Min(nodes, 2),
            Flags = ["--rules.alert.resend-delay=10s"],
            Prepare = WriteRules,
        });
        await using var calm = new Node(folder["calm"], Configuration(null), "--web.enable-remote-write-receiver");
        WriteRules(calm);
        await Task.WhenAll(scene.StartAsync(nodes), calm.StartAsync());

        var waves = new AlertWaves(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 5));
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(waves.WriteAsync(() => scene.Running, stop.Token), waves.WriteAsync(() => [calm], stop.Token));
        var disturbances = new List<Disturbance>();
        for (var kill = 1; kill <= Kills; kill++)
            disturbances.Add(await KillAsync(scene, kill, figures));
        // The last kill is followed by a while of undisturbed evaluations.
        await Task.Delay(TimeSpan.FromSeconds(15));
        var until = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(3);
        var (disturbed, reference) = (await EvaluatedGroup.ReadAsync(scene[0], until), await EvaluatedGroup.ReadAsync(calm, until));
        await stop.CancelAsync();
        await writing;

        Tell(figures, disturbed, reference, disturbances);
        AlertWalk.Check(waves, reference, []);
        AlertWalk.Check(waves, disturbed, disturbances);
        Assert.NotEmpty(disturbed.Transitions);
        CheckTold(told, disturbed);
        figures.AssertGoals();
    }

    private async Task<Disturbance> KillAsync(ClusterScene scene, int kill, Figures figures)
    {
        await Task.Delay(_random.Next(6_000));
        var victim = await EvaluatorAsync(scene);
        var from = Now();
        await victim.CrashAsync();
        // Every second one stays away until another node has taken over, when there is one.
        var isAway = kill % 2 == 0 && scene.Members.Count > 1;
        if (!isAway)
            await victim.BeginAsync();
        await EvaluatorAsync(scene);
        var evaluator = Now();
        if (isAway)
            await victim.BeginAsync();
        await victim.ReadyAsync(ClusterScene.Patience);
        await scene.SettledAsync();
        figures.Add(string.Create(
            CultureInfo.InvariantCulture, $"kill {kill}: {victim} {(isAway ? "away until another took over" : "back at once")}; an evaluator after {(evaluator - from) / 1000.0:F1} s, settled after {(Now() - from) / 1000.0:F1} s"));
        return new Disturbance(from, evaluator, Now());
    }

    /// <summary>The node that has the group; waits until one has.</summary>
    private static async Task<ClusterMember> EvaluatorAsync(ClusterScene scene)
    {
        ClusterMember? found = null;
        await Eventually.Async("a node evaluates the group", async () =>
        {
            foreach (var member in scene.Running)
            {
                try
                {
                    if (await member.OwnMetricAsync("actormon_rule_groups").WaitAsync(TimeSpan.FromSeconds(2)) is > 0)
                        found = member;
                }
                catch (Exception e) when (e is HttpRequestException or TimeoutException)
                {
                    // Not yet up.
                }
            }
            return found is not null;
        }, ClusterScene.Patience);
        return found!;
    }

    private static void Tell(Figures figures, EvaluatedGroup disturbed, EvaluatedGroup reference, List<Disturbance> disturbances)
    {
        var longest = TimeSpan.Zero;
        var told = "";
        foreach (var kill in Merged(disturbances, disturbed.Evaluations))
        {
            var before = disturbed.Evaluations.Where(e => e <= kill.From).DefaultIfEmpty(kill.From).Max();
            var after = disturbed.Evaluations.Where(e => e > kill.From).DefaultIfEmpty(kill.Settled).Min();
            var beyond = TimeSpan.FromMilliseconds(after - before - (kill.Evaluator - kill.From)) - AlertWaves.Interval;
            if (beyond <= longest)
                continue;
            longest = beyond;
            told = string.Create(CultureInfo.InvariantCulture,
                $"kill {disturbances.FindIndex(d => d.From == kill.From) + 1}: last evaluation {(kill.From - before) / 1000.0:F1} s before it, an evaluator {(kill.Evaluator - kill.From) / 1000.0:F1} s and the next evaluation {(after - kill.From) / 1000.0:F1} s after it");
        }
        figures.Add("the longest gap, " + told);
        figures.Goal("longest gap between two evaluations, beyond one interval and the time without an evaluator", longest, AlertWaves.Interval.TotalSeconds);
        var gaps = disturbed.Evaluations.Zip(disturbed.Evaluations.Skip(1), (a, b) => (b - a) / 1000.0).ToList();
        var theirs = disturbed.Transitions.ToHashSet();
        var exact = reference.Transitions.Count(theirs.Contains);
        figures.Add(string.Create(CultureInfo.InvariantCulture,
            $"{disturbances.Count} kills; {disturbed.Evaluations.Count} evaluations of {reference.Evaluations.Count} undisturbed, longest gap {gaps.Max():F1} s; {exact} of {reference.Transitions.Count} transitions at the same time as undisturbed, {disturbed.Transitions.Count} in all"));
    }

    /// <summary>A kill that came within an interval after an evaluator was back, so that none was due, goes on with the absence before it.</summary>
    private static List<Disturbance> Merged(List<Disturbance> disturbances, IReadOnlyList<long> evaluations)
    {
        var merged = new List<Disturbance>();
        foreach (var kill in disturbances)
            if (merged is [.., var before] && kill.From - before.Evaluator < AlertWaves.Interval.TotalMilliseconds && !evaluations.Any(e => e > before.From && e < kill.From))
                merged[^1] = before with { Evaluator = kill.Evaluator, Settled = kill.Settled };
            else
                merged.Add(kill);
        return merged;
    }

    /// <summary>Nobody was told an end that there was not, and every end was told.</summary>
    private static void CheckTold(AlertRecorder recorder, EvaluatedGroup group)
    {
        var ends = group.Transitions.Where(t => t.Change == "resolved").Select(t => (t.Wave, t.At)).ToHashSet();
        var last = group.Evaluations[^1];
        var told = recorder.Told.Where(t => t.EndsAt <= t.At).Select(t => (int.Parse(t.Labels["wave"], CultureInfo.InvariantCulture), t.EndsAt.ToUnixTimeMilliseconds()))
            .Where(t => t.Item2 <= last).ToHashSet();
        Assert.Empty(told.Except(ends));
        Assert.Empty(ends.Except(told));
    }

    private static void WriteRules(MetricsServer server) => File.WriteAllText(Path.Combine(Path.GetDirectoryName(server.ConfigFile)!, "waves.yml"), AlertWaves.RuleFile);

    private static string Configuration(AlertRecorder? alertmanager) => "global: {scrape_interval: 1s}\nrule_files: [waves.yml]\n"
        + (alertmanager is null ? "" : $"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager.Address}']}}]}}]}}\n");

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
