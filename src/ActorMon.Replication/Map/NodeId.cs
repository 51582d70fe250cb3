using ActorMon.Model.Ingest;

namespace ActorMon.Replication.Map;

/// <summary>A node by its data directory: given once, kept over restarts.</summary>
public readonly record struct NodeId(Guid Value) : IComparable<NodeId>
{
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>
/// One life of a node: from joining the cluster until it leaves, is removed or its process ends. A removed incarnation never returns; the node comes back under another.
/// It is also the writer id of the batches that the node numbers in this life.
/// </summary>
public readonly record struct NodeIncarnation(NodeId Node, ulong Incarnation)
{
    public WriterId Writer => new(Incarnation);

    public override string ToString() => $"{Node}/{Incarnation:x16}";
}
