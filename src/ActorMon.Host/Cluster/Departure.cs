using ActorMon.Actors.Control.Partitions;
using ActorMon.Host.Node;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Cluster;

/// <summary>
/// A node's way out of its cluster, before anything of it stops: tells the partition map that it is about to stop, and waits until others have what it holds. It scrapes,
/// takes batches and answers all the while. What is too few for R is said, never passed over.
/// </summary>
/// <param name="decide">Asks Control for a change of the map. Null: it is made; else why it is not.</param>
/// <param name="patience">How long it waits (actormon.cluster.drain-timeout).</param>
public sealed class Departure(MapView view, Func<MapCommand, TimeSpan, Task<string?>> decide, TimeSpan patience, TimeProvider time, ILogger<Departure> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(3);
    private const int Named = 8;

    /// <summary>Ends when the node may go, or after the deadline.</summary>
    /// <exception cref="OperationCanceledException">It is to go at once.</exception>
    public async Task RunAsync(StopKind kind, CancellationToken atOnce)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        var reported = TimeSpan.Zero - Report;
        string? refused = null;
        do
        {
            if (view.Current is not { } map || !map.IsUp(view.Self) || !HandOver.Heirs(map, view.Self.Node).Any())
                break;
            // Only once the map shows it: then whoever stops beside this node does not count on it.
            var isKnown = kind == StopKind.Restart || map.Nodes[view.Self.Node].Stopping;
            var missing = Missing(map, kind);
            if (isKnown && missing.Count == 0)
            {
                log.LogInformation("Other nodes have what this one holds, after {Seconds:0.0} s", time.GetElapsedTime(started).TotalSeconds);
                break;
            }
            if (time.GetElapsedTime(started) >= patience)
            {
                log.LogWarning(
                    "The node stops although {Count} partitions are not in sync on enough other nodes after {Patience:0.#} s (actormon.cluster.drain-timeout): {Partitions}. Its own copies stay on its disk{Why}",
                    missing.Count, patience.TotalSeconds, Names(missing), refused is null ? "" : "; " + refused);
                break;
            }
            if (time.GetElapsedTime(started) - reported >= Report)
            {
                reported = time.GetElapsedTime(started);
                log.LogInformation(
                    "Before it stops the node waits until {Count} of its {Held} partitions are in sync on {Copies} other nodes: {Partitions}", missing.Count,
                    map.CopiesOn(view.Self.Node).Count(), CopiesWanted(map, kind), Names(missing));
            }
            if (!isKnown)
                refused = await decide(new BeginStop(view.Self), AskPatience).WaitAsync(atOnce);
        }
        while (await timer.WaitForNextTickAsync(atOnce));
        Warn();
    }

    private void Warn()
    {
        if (view.Current is { } map && map.Nodes.Count > 1 && HandOver.Weakened(map, view.Self.Node) is var weakened and > 0)
            log.LogWarning("{Count} partitions have fewer than {Replicas} copies in sync until this node is back or another one comes", weakened, map.Replicas);
    }

    private IReadOnlyList<PartitionId> Missing(PartitionMap map, StopKind kind) => HandOver.Missing(map, view.Self.Node, CopiesWanted(map, kind));

    private static int CopiesWanted(PartitionMap map, StopKind kind) => kind == StopKind.Restart ? Math.Min(1, map.ReplicasInForce - 1) : map.ReplicasInForce;

    private static string Names(IReadOnlyList<PartitionId> partitions) =>
        string.Join(", ", partitions.Take(Named)) + (partitions.Count > Named ? $" and {partitions.Count - Named} more" : "");
}
