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
    /// <summary>It is about to stop, or has, and hands over what it holds: others get copies, its own stay in sync until it goes and on its disk afterwards. Ends with its next life.</summary>
    public bool Stopping { get; init; }

    public NodeIncarnation Current => new(Id, Incarnation);

    /// <summary>May be given copies, and keeps those it has.</summary>
    public bool IsStaying => !Draining && !Stopping && Weight > 0;

    public bool IsUp => State == NodeState.Up;
}
