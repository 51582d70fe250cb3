using ActorMon.Actors.Control.Partitions;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Tests.Control;

/// <summary>Partition maps and nodes for tests.</summary>
internal static class Maps
{
    public static readonly Guid Cluster = Guid.Parse("c0000000-0000-0000-0000-000000000001");

    public static MapNode Node(int number, int weight = 1) => new(
        new NodeId(new Guid(number, 0, 0, new byte[8])), (ulong)number, NodeState.Up, "", weight, false, $"akka.tcp://actormon@10.0.0.{number}:7946", $"http://10.0.0.{number}:7947");

    /// <summary>Node 1 with every partition.</summary>
    public static PartitionMap Lone(int partitions) => FirstMap.Create(Cluster, partitions, 2, Node(1), open: true);
}
