using ActorMon.Actors.Journal;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <param name="View">This node's own map: what a node that is alone goes on from.</param>
/// <param name="Replicas">R as configured here.</param>
/// <param name="ExpectedNodes">Nodes that a new cluster waits for before it places its partitions.</param>
/// <param name="OpenDeadline">How long it waits for them.</param>
/// <param name="JournalDelay">How long the map of a node that is alone waits before it opens its journal, so that a start does not pay for it.</param>
/// <param name="AdoptOwnMap">The operator says that this node's map is the one to go on with when the journal has none (--cluster.bootstrap).</param>
/// <param name="NeedBarred">How long every node must have refused its voice to a removed one before the map counts it as gone.</param>
/// <param name="Interval">Between looks at what is to be done.</param>
public sealed record PartitionMapSettings(
    Guid Cluster, int Partitions, MapView View, JournalSettings Journal, MapMetrics Metrics, int Replicas, int ExpectedNodes, TimeSpan OpenDeadline, TimeSpan JournalDelay,
    bool AdoptOwnMap, TimeSpan NeedBarred, TimeSpan Interval, Func<PartitionMap, IReadOnlySet<NodeIncarnation>, IEnumerable<MapCommand>> Plan);
