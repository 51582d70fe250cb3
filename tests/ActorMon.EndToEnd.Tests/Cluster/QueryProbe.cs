using System.Collections.Concurrent;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

public enum ProbeOutcome
{
    Complete,

    /// <summary>The answer says itself that it lacks something.</summary>
    Incomplete,

    /// <summary>An error, or no answer in time.</summary>
    Failed,
}

/// <param name="Node">Who was asked, with the number of its life.</param>
/// <param name="At">When, monotonic.</param>
/// <param name="Why">Of an answer that is not complete.</param>
public sealed record Probe(string Node, TimeSpan At, TimeSpan Took, ProbeOutcome Outcome, string Why);

/// <summary>
/// Asks every running node all the time for the newest samples that a writer knows to be acknowledged, spread over partitions. An answer that does not call itself incomplete
/// must have every one of them with its only possible value: anything else is wrong, whatever happens to the cluster.
/// </summary>
public sealed class QueryProbe(ClusterScene scene, IReadOnlyList<AcknowledgedWriter> writers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<Probe> _probes = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    public IReadOnlyCollection<Probe> Probes => _probes;

    /// <summary>Answers that looked complete and were not right.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    public async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        var loops = new Dictionary<ClusterMember, Task>();
        while (!stop.IsCancellationRequested)
        {
            foreach (var member in scene.Members.ToList())
                if (!loops.ContainsKey(member))
                    loops[member] = ProbeAsync(member, stop);
            await Task.Delay(Pace, CancellationToken.None);
        }
        await Task.WhenAll(loops.Values);
    }

    /// <summary>
    /// Longest time, of any node that had answered before and lives on, during which it gave no complete answer, between two moments.
    /// </summary>
    /// <param name="nodes">Which are looked at; null: all.</param>
    public (TimeSpan Failed, TimeSpan Incomplete, TimeSpan Slowest) Outage(TimeSpan from, TimeSpan to, Func<string, bool>? nodes = null)
    {
        var worst = (Failed: TimeSpan.Zero, Incomplete: TimeSpan.Zero, Slowest: TimeSpan.Zero);
        foreach (var life in _probes.Where(p => p.At + p.Took >= from && p.At < to && (nodes is null || nodes(p.Node.Split('#')[0]))).GroupBy(p => p.Node))
        {
            var probes = life.OrderBy(p => p.At).ToList();
            var (failed, incomplete) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = 0; i < probes.Count; i++)
            {
                var until = i + 1 < probes.Count ? probes[i + 1].At : probes[i].At + probes[i].Took;
                if (probes[i].Outcome == ProbeOutcome.Failed)
                    failed += until - probes[i].At;
                else if (probes[i].Outcome == ProbeOutcome.Incomplete)
                    incomplete += until - probes[i].At;
                else if (probes[i].Took > worst.Slowest)
                    worst.Slowest = probes[i].Took;
            }
            worst = (failed > worst.Failed ? failed : worst.Failed, incomplete > worst.Incomplete ? incomplete : worst.Incomplete, worst.Slowest);
        }
        return worst;
    }

    private async Task ProbeAsync(ClusterMember member, CancellationToken stop)
    {
        var random = new Random(member.Name.GetHashCode(StringComparison.Ordinal));
        var answered = -1;
        while (!stop.IsCancellationRequested)
        {
            if (member.IsRunning && writers[random.Next(writers.Count)] is { Newest: { } time } writer)
            {
                var (life, at) = (member.Lives, Now);
                var (outcome, why) = await AskAsync(member, writer, time);
                if (outcome == ProbeOutcome.Complete)
                    answered = life;
                // A node that starts, or was ended meanwhile, is not one that fails.
                if (answered == life && member.IsRunning && member.Lives == life)
                    _probes.Enqueue(new Probe($"{member}#{life}", at, Now - at, outcome, why));
            }
            await Task.Delay(Pace, CancellationToken.None);
        }
    }

    private async Task<(ProbeOutcome, string)> AskAsync(ClusterMember member, AcknowledgedWriter writer, long time)
    {
        using var patience = new CancellationTokenSource(Timeout);
        try
        {
            using var answer = JsonDocument.Parse(await member.TextAsync(MetricsServer.QueryPath($"written{{writer='{writer.Name}'}}", time / 1000.0), patience.Token));
            if (answer.RootElement.TryGetProperty("warnings", out var warnings))
                return (ProbeOutcome.Incomplete, warnings.ToString());
            Judge(member, writer, time, answer.RootElement.GetProperty("data").GetProperty("result"));
            return (ProbeOutcome.Complete, "");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (ProbeOutcome.Failed, e.Message);
        }
    }

    private void Judge(ClusterMember member, AcknowledgedWriter writer, long time, JsonElement result)
    {
        var found = result.EnumerateArray().ToDictionary(row => row.GetProperty("metric").GetProperty("s").GetString()!, row => MetricsServer.Number(row.GetProperty("value")[1].GetString()!), StringComparer.Ordinal);
        var wrong = Enumerable.Range(0, writer.Series).Where(s => !found.TryGetValue(FormattableString.Invariant($"{s}"), out var value) || value != AcknowledgedWriter.ValueOf(s, time)).ToList();
        if (wrong.Count > 0 || found.Count != writer.Series)
            _wrong.Enqueue(FormattableString.Invariant($"{Now.TotalSeconds:F1} s: {member} said of {writer.Name} at {time}: {found.Count} of {writer.Series} series, wrong or missing: {string.Join(' ', wrong)}"));
    }
}
