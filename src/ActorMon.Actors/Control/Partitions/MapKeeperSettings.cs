using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <param name="Describe">This node by the addresses it turned out to have.</param>
/// <param name="Interval">Between reports to Control and questions to the members.</param>
/// <param name="MajorityTimeout">How long a member's answer counts (actormon.cluster.majority-timeout).</param>
public sealed record MapKeeperSettings(
    Func<MapNode> Describe, MapView View, MapFile File, ClusterStanding Standing, TimeSpan Interval, TimeSpan MajorityTimeout);
