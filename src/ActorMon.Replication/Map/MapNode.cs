namespace ActorMon.Replication.Map;

public enum NodeState
{
    /// <summary>A member of the cluster in the incarnation named.</summary>
    Up,

    /// <summary>Removed from the cluster or never seen since; its copies may lie on its disk.</summary>
    Away,
}

/// <summary>A node as the map knows it.</summary>
/// <param name="Incarnation">The present life, or the last one while away.</param>
/// <param name="Zone">Failure domain, empty when not told; copies of a partition go to different zones where possible.</param>
/// <param name="Weight">Share of copies relative to other nodes, at least 1; 0: a witness, which holds none.</param>
/// <param name="Draining">Its copies are to move away.</param>
/// <param name="Address">Akka address, as text.</param>
/// <param name="LinkAddress">Base address of its endpoint for bulk, as text.</param>
public sealed record MapNode(
    NodeId Id, ulong Incarnation, NodeState State, string Zone, int Weight, bool Draining, string Address, string LinkAddress)
{
    public NodeIncarnation Current => new(Id, Incarnation);

    public bool IsUp => State == NodeState.Up;
}
