using ActorMon.Model.Telemetry;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>The cluster as this node's map shows it.</summary>
public sealed class MapMetrics
{
    private readonly Counter _events;

    public MapMetrics(MetricRegistry registry, MapView view, ClusterStanding standing)
    {
        registry.Gauge("actormon_cluster_map_version", "Version of the partition map that this node acts on.", () => view.Version);
        registry.Gauge("actormon_cluster_nodes_up", "Nodes that the map counts as members.", () => view.Current?.UpNodes.Count() ?? 0);
        registry.Gauge("actormon_cluster_nodes_away", "Nodes that were removed and may come back.", () => view.Current?.Nodes.Values.Count(n => !n.IsUp) ?? 0);
        registry.Gauge("actormon_cluster_confirmed", "1: this node has lately heard from a majority of the members and may acknowledge.", () => standing.IsConfirmed ? 1 : 0);
        registry.Gauge("actormon_cluster_clock_difference_seconds", "Largest distance of another member's clock from this node's.", () => standing.Clocks.Largest.TotalSeconds);
        registry.Gauge("actormon_cluster_partitions_under_replicated", "Partitions with fewer copies in sync than wanted.", () => Count(view, (map, p) => p.InSyncCount < map.Replicas && p.InSyncCount < map.UpNodes.Count(n => n.Weight > 0)));
        registry.Gauge("actormon_cluster_partitions_incomplete", "Partitions of which some acknowledged samples are out of reach.", () => Count(view, (_, p) => p.IsOpened && !p.IsComplete));
        registry.Gauge("actormon_cluster_copies_joining", "Copies that are being filled or compared.", () => Count(view, (_, p) => p.Copies.Any(c => c.State is CopyState.Joining or CopyState.Confirming)));
        registry.Gauge("actormon_cluster_copies_held", "Copies of partitions on this node.", () => view.Current?.CopiesOn(view.Self.Node).Count() ?? 0);
        _events = registry.Counter("actormon_cluster_map_events_total", "Changes of the partition map decided by this node's Control.");
    }

    public void Decided(int events) => _events.Add(events);

    private static int Count(MapView view, Func<PartitionMap, PartitionState, bool> what) => view.Current is { } map ? map.Partitions.Count(p => what(map, p)) : 0;
}
