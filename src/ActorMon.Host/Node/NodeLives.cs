using ActorMon.Actors;
using ActorMon.Host.Cluster;
using ActorMon.Replication.Membership;
using ActorMon.Scraping.Layouts;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Node;

/// <summary>
/// The lives of a node within one process. A membership ends when the others go on without the node (it was frozen or cut off) or when it could not join; its actor system ends
/// then, the process does not. Until the next membership the node answers from its disk, with a warning, and acknowledges nothing. Each life is a new incarnation.
/// </summary>
/// <param name="start">Makes the actor system of a life.</param>
public sealed class NodeLives(
    NodeParts parts, NodeReadiness readiness, ClusterEntry entry, Func<ActorParts, Task, JoinStep?, Task<ActorNode>> start, TimeProvider time, ILogger<NodeLives> log)
{
    /// <summary>Between lives that end soon.</summary>
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));

    /// <summary>A life that lasted so long was a good one.</summary>
    private static readonly TimeSpan GoodLife = TimeSpan.FromMinutes(2);

    /// <summary>A cluster that this node has begun must have found its majority by then: else there is another one.</summary>
    private static readonly TimeSpan Accepted = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private bool _isEntered;

    /// <summary>The first life.</summary>
    public async Task<ActorNode> BeginAsync(Task listening, CancellationToken stopping)
    {
        var step = entry.IsAlone ? await entry.FindAsync(stopping) : null;
        _isEntered = step is JoinStep.Form;
        return await start(parts.Actors, listening, _isEntered ? step : null);
    }

    /// <summary>Brings each life into the cluster and begins the next when it has ended. Ends when the node stops, with nothing begun.</summary>
    public async Task RunAsync(ActorNode actors, Action<ActorNode> begun, CancellationToken stopping)
    {
        try
        {
            for (var failures = 0; ; failures++)
            {
                var born = time.GetTimestamp();
                await LiveAsync(actors, isFirst: failures == 0, stopping);
                log.LogWarning("This node's membership of the cluster has ended; it answers from its disk and joins again in a new life");
                parts.Actors.Cluster.EndLife();
                parts.Table.Keep();
                await actors.EndAsync();
                if (time.GetElapsedTime(born) > GoodLife)
                    failures = 0;
                actors = await NextAsync(failures, stopping);
                begun(actors);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task LiveAsync(ActorNode actors, bool isFirst, CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping, actors.Ended);
        try
        {
            var isFormed = _isEntered;
            if (!_isEntered)
            {
                var step = await entry.FindAsync(life.Token);
                isFormed = step is JoinStep.Form;
                log.LogInformation(isFormed ? "The node begins the cluster" : "The node joins the cluster");
                actors.Enter(step);
            }
            _isEntered = false;
            var entered = time.GetTimestamp();
            var view = parts.Actors.Cluster.View;
            while (!view.IsAccepted)
            {
                await Task.Delay(Look, time, life.Token);
                if (isFormed && time.GetElapsedTime(entered) > Accepted)
                {
                    log.LogWarning("The cluster that this node has begun has found no majority of the last members for {Seconds:0} s", Accepted.TotalSeconds);
                    return;
                }
            }
            while (!readiness.HoldsAll)
                await Task.Delay(Look, time, life.Token);
            parts.Table.LetGo();
            if (!isFirst)
                log.LogInformation("The node is a member again, {Seconds:0.0} s after it went for it", time.GetElapsedTime(entered).TotalSeconds);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, life.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The membership has ended.
        }
    }

    private async Task<ActorNode> NextAsync(int failures, CancellationToken stopping)
    {
        while (true)
        {
            if (failures > 0)
                await Task.Delay(Pause.After(failures - 1), time, stopping);
            parts.Actors.Cluster.BeginLife();
            parts.Actors.Copies.Standings.BeginLife();
            try
            {
                var layouts = new LayoutNumbers(parts.Actors.Cluster.View.Self.Writer);
                return await start(parts.Actors with { Scraping = parts.Actors.Scraping with { Layouts = layouts } }, Task.CompletedTask, null);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Its port may still be given back.
                log.LogError(e, "The node's actors do not start; they are started again");
                failures++;
            }
        }
    }
}
