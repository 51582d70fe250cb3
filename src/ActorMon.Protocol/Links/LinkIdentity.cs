namespace ActorMon.Protocol.Links;

/// <summary>Who a node is towards the others. Nodes of another cluster, another P or another hash version do not talk to each other.</summary>
/// <param name="Cluster">Empty: the node has none yet, and only operations for strangers answer it.</param>
/// <param name="Partitions">P; 0 with an empty cluster.</param>
/// <param name="HashVersion">Version of StableHash and of the placement rule.</param>
/// <param name="Node">The id of its data directory.</param>
/// <param name="Incarnation">New at each start of its process; the WriterId of its batches.</param>
public sealed record LinkIdentity(Guid Cluster, int Partitions, int HashVersion, string Node, ulong Incarnation)
{
    /// <summary>Version of what travels on a link. Extend-only: a node reads what older nodes send.</summary>
    public const int WireVersion = 1;

    /// <summary>The oldest version that this program reads.</summary>
    public const int OldestWireVersion = 1;
}
