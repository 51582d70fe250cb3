using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>Opens the partitions that never had a copy: evenly by weight, each copy on a node and where possible in a zone of its own. They are complete wherever they start.</summary>
public static class FreshPartitions
{
    public static IEnumerable<MapCommand> Open(PartitionMap map)
    {
        var nodes = map.UpNodes.Where(n => n.Weight > 0 && !n.Draining).ToList();
        if (nodes.Count == 0)
            yield break;
        var load = nodes.ToDictionary(n => n.Id, n => map.CopiesOn(n.Id).Count() / (double)n.Weight);
        for (var p = 0; p < map.Partitions.Length; p++)
        {
            if (map.Partitions[p].IsOpened)
                continue;
            var chosen = new List<MapNode>();
            while (chosen.Count < Math.Min(map.Replicas, nodes.Count))
            {
                var next = nodes.Except(chosen)
                    .OrderBy(n => n.Zone.Length > 0 && chosen.Exists(c => c.Zone == n.Zone)).ThenBy(n => load[n.Id]).ThenBy(n => n.Id).First();
                chosen.Add(next);
                load[next.Id] += 1.0 / next.Weight;
            }
            yield return new OpenFresh(new PartitionId(p), [.. chosen.Select(n => n.Id)]);
        }
    }
}
