using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Journal;

namespace ActorMon.Actors.Control.Configurations;

/// <param name="Map">This node's partition map: says whether the node is alone.</param>
/// <param name="View">What this node uses: where a node that is alone goes on from.</param>
/// <param name="Node">This node's own files: what a cluster without a configuration begins with.</param>
/// <param name="JournalDelay">How long a node that is alone waits before it opens the journal, so that a start does not pay for it.</param>
/// <param name="Interval">Between looks at what has not been answered.</param>
/// <param name="Patience">How long members have to prepare a proposed configuration, and to apply it before the proposer is answered without them.</param>
public sealed record ConfigurationRegistrySettings(
    Guid Cluster, MapView Map, ConfigurationView View, INodeConfiguration Node, JournalSettings Journal, TimeSpan JournalDelay, TimeSpan Interval, TimeSpan Patience);
