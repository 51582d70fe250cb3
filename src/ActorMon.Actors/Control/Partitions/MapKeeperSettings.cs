using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <param name="Describe">This node by the addresses it turned out to have.</param>
/// <param name="Interval">Between reports to Control and questions to the members.</param>
/// <param name="MajorityTimeout">How long a member's answer counts (actormon.cluster.majority-timeout).</param>
public sealed record MapKeeperSettings(
    Func<MapNode> Describe, MapView View, MapFile File, ClusterStanding Standing, TimeSpan Interval, TimeSpan MajorityTimeout)
{
    /// <summary>How far this node's copies have come in the deletions of a map; null: it has none.</summary>
    public Func<PartitionMap, DeletionProgress?> Deletions { get; init; } = static _ => null;
}
