using System.Globalization;
using System.Net;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>
/// A remote writer as an agent is one: request after request with the time of sending, each repeated, at another node when one fails, until it is acknowledged.
/// Series s of it has at time t (Unix milliseconds) the value <see cref="ValueOf"/> and no other.
/// </summary>
/// <param name="nodes">Who may be written to at the moment.</param>
public sealed class AcknowledgedWriter(Func<IReadOnlyList<ClusterMember>> nodes, string name, int series)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Requests at one node before the next is used.</summary>
    private const int Turn = 20;

    /// <summary>Characters of a node's log that are told of.</summary>
    private const int MaxLogEnd = 4000;

    private readonly Lock _lock = new();
    private readonly List<long> _acknowledged = [];
    private readonly HashSet<long> _attempted = [];

    public string Name => name;

    public int Series => series;

    /// <summary>Nodes that may refuse samples for good (400); another one is then asked. From all others that is an error.</summary>
    public Func<ClusterMember, bool> MayRefuse { get; set; } = _ => false;

    /// <summary>Requests that failed and were repeated.</summary>
    public int Repeated { get; private set; }

    /// <summary>Longest time that one request took with all its repetitions.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Time of the newest samples that were acknowledged; null: none.</summary>
    public long? Newest
    {
        get
        {
            lock (_lock)
                return _acknowledged.Count > 0 ? _acknowledged[^1] : null;
        }
    }

    /// <summary>Times whose samples were acknowledged, ascending.</summary>
    public IReadOnlyList<long> Acknowledged
    {
        get
        {
            lock (_lock)
                return [.. _acknowledged];
        }
    }

    public bool Attempted(long time)
    {
        lock (_lock)
            return _attempted.Contains(time);
    }

    public static double ValueOf(int series, long time) => time % 1_000_000_000 + series / 1024.0;

    /// <summary>Ends with the request that is under way when it is told to stop, acknowledged or not.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        var turns = 0;
        var last = 0L;
        while (!stop.IsCancellationRequested)
        {
            var time = last = Math.Max(last + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            lock (_lock)
                _attempted.Add(time);
            var began = TimeProvider.System.GetTimestamp();
            while (!await TrySendAsync(Choose(turns++ / Turn), time, stop) && !stop.IsCancellationRequested)
            {
                Repeated++;
                turns = (turns / Turn + 1) * Turn;
                await Task.Delay(RetryPause, CancellationToken.None);
            }
            if (TimeProvider.System.GetElapsedTime(began) is var took && took > Longest)
                Longest = took;
            await Task.Delay(Pace, CancellationToken.None);
        }
    }

    /// <summary>What the node logged last: why it fails is there.</summary>
    private static string LogEnd(ClusterMember member) => member.Process.Output is var log && log.Length > MaxLogEnd ? log[^MaxLogEnd..] : log;

    private ClusterMember? Choose(int turn) => nodes() is { Count: > 0 } running ? running[turn % running.Count] : null;

    private async Task<bool> TrySendAsync(ClusterMember? member, long time, CancellationToken stop)
    {
        if (member is null)
            return false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Timeout);
        try
        {
            var (status, text) = await new RemoteWriter(member).AnswerAsync(
                Enumerable.Range(0, series).Select(s => ((IReadOnlyList<(string, string)>)
                    [("__name__", "written"), ("s", s.ToString(CultureInfo.InvariantCulture)), ("writer", name)], time, ValueOf(s, time))),
                patience.Token);
            if ((int)status / 100 == 2)
            {
                lock (_lock)
                    _acknowledged.Add(time);
                return true;
            }
            if (status != HttpStatusCode.ServiceUnavailable && !MayRefuse(member))
                throw new InvalidOperationException($"{member} answered a write of time {time} with {(int)status}: {text}\n{LogEnd(member)}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Gone, or too slow: another one.
        }
        return false;
    }
}
