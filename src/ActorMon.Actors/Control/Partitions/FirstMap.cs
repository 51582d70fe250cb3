using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// The map that the first node of a cluster begins with. What lies on its disk was written by it alone (a node of an older version, an import, a restored snapshot), so its
/// copies are complete from the start.
/// </summary>
public static class FirstMap
{
    /// <param name="open">False: the partitions wait for the other nodes of a new cluster, so that each has its copies from the start.</param>
    public static PartitionMap Create(Guid cluster, int partitions, int replicas, MapNode self, bool open)
    {
        var map = PartitionMap.Create(cluster, partitions, replicas);
        map = Done(map, new NodeUp(self, []));
        for (var p = 0; open && p < partitions && self.Weight > 0; p++)
        {
            var partition = new PartitionId(p);
            map = Done(map, new OpenFresh(partition, ImmutableArray.Create(self.Id)));
            // The map is on this node's disk, with the folders of its copies, before anybody acts on it.
            map = Done(map, new Verified(CopyStint.Of(partition, map[partition].OnNode(self.Id)!)));
        }
        return map;
    }

    /// <summary>The map of a node that was alone when it ended and is started again: its new life takes over its copies, whatever became of its disk, as nobody else has any.</summary>
    public static PartitionMap Continue(PartitionMap map, MapNode self) =>
        Done(map, new NodeUp(self, [.. map.CopiesOn(self.Id).Select(held => new HeldCopy(held.Partition, map[held.Partition].Epoch))]));

    public static bool IsAlone(PartitionMap map, NodeId self) => map.Nodes.Count == 1 && map.Nodes.ContainsKey(self);

    private static PartitionMap Done(PartitionMap map, MapCommand command) => map.Apply(MapDecider.Decide(map, command).Events.AsSpan());
}
