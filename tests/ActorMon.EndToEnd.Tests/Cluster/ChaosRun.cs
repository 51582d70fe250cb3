using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>
/// A cluster under load: targets that are scraped, remote writers, a probe of every node's answers. A scenario disturbs it and ends with <see cref="JudgeAsync"/>.
/// </summary>
public sealed class ChaosRun : IAsyncDisposable
{
    private const int Writers = 4;
    private const int SeriesPerWriter = 25;

    private readonly CancellationTokenSource _stopWriting = new();
    private readonly CancellationTokenSource _stopProbing = new();
    private readonly List<Task> _writing = [];
    private Task _probing = Task.CompletedTask;

    private ChaosRun(ClusterScene scene, RecordingFleet fleet, Figures figures)
    {
        (Scene, Fleet, Figures) = (scene, fleet, figures);
        fleet.Scrapers = () => scene.Members.ToList();
        Written = [.. Enumerable.Range(0, Writers).Select(w => new AcknowledgedWriter(() => [.. scene.Running], string.Create(CultureInfo.InvariantCulture, $"w{w}"), SeriesPerWriter))];
        Probe = new QueryProbe(scene, Written);
    }

    public ClusterScene Scene { get; }

    public RecordingFleet Fleet { get; }

    public Figures Figures { get; }

    public IReadOnlyList<AcknowledgedWriter> Written { get; }

    public QueryProbe Probe { get; }

    /// <summary>Milliseconds that a node's clock is ahead, by its name; nodes that are not named have the right time.</summary>
    public Dictionary<string, long> Clocks { get; } = [];

    /// <summary>Ends when every target is scraped, every writer has acknowledgements and every node has given a complete answer.</summary>
    public static async Task<ChaosRun> StartAsync(int nodes, Figures figures, Func<ClusterSetup, ClusterSetup>? with = null)
    {
        var fleet = new RecordingFleet(ChaosSettings.Targets, ChaosSettings.SeriesPerTarget);
        var setup = new ClusterSetup(fleet.Configuration(ChaosSettings.Interval));
        var run = new ChaosRun(new ClusterScene(with?.Invoke(setup) ?? setup), fleet, figures);
        try
        {
            await run.Scene.StartAsync(nodes);
            run._writing.AddRange(run.Written.Select(w => w.RunAsync(run._stopWriting.Token)));
            run._probing = run.Probe.RunAsync(run._stopProbing.Token);
            await run.IsLoadedAsync();
            return run;
        }
        catch
        {
            // No process outlives the test that did not get its cluster.
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every writer gets acknowledgements.</summary>
    public Task WritersGoOnAsync()
    {
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return Eventually.Async("writes are acknowledged", () => Task.FromResult(Written.All(w => w.Newest > since)), ClusterScene.Patience);
    }

    /// <summary>Every target has just been scraped and its samples are there, every writer is acknowledged, and every running node answers completely.</summary>
    public async Task IsLoadedAsync()
    {
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var probed = Probe.Now;
        await Eventually.Async("the load goes on", async () =>
            Written.All(w => w.Newest > since)
            && Scene.Running.All(m => Probe.Probes.Any(p => p.At > probed && p.Outcome == ProbeOutcome.Complete && p.Node == $"{m}#{m.Lives}"))
            && Enumerable.Range(0, Fleet.Targets).All(t => Fleet.Scrapes(t) is { Count: > 0 } scrapes && scrapes[^1].At > since)
            && (await Scene.Running.First().QueryAsync("timestamp(fleet{s='0'})")).Count(s => s.Value * 1000 > since) == Fleet.Targets, ClusterScene.Patience);
    }

    /// <summary>
    /// Stops the load and compares: nothing acknowledged is missing, no value is wrong, no answer that looked complete was, all nodes give the same bytes. Prints what was measured.
    /// </summary>
    public async Task JudgeAsync()
    {
        await StopAsync();
        await Scene.SettledAsync();
        // What a node got alone when it was killed or cut off is found by copies that compare themselves afterwards.
        await Eventually.Async("nothing is left to compare", async () =>
        {
            foreach (var member in Scene.Running)
                if (!(await member.TextAsync("/metrics")).Contains("\nactormon_copy_comparisons_due 0\n", StringComparison.Ordinal))
                    return false;
            return true;
        }, ClusterScene.Patience);
        var judge = new ClusterJudge(this);
        await judge.CompareAsync();
        judge.PrintLoad();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await Scene.DisposeAsync();
            await Fleet.DisposeAsync();
            _stopWriting.Dispose();
            _stopProbing.Dispose();
        }
    }

    private async Task StopAsync()
    {
        await _stopWriting.CancelAsync();
        await _stopProbing.CancelAsync();
        await Task.WhenAll(_writing);
        await _probing;
    }
}
