namespace ActorMon.Api.Ports;

/// <summary>The cluster as the node that is asked sees it.</summary>
/// <param name="Confirmed">The node has lately heard from a majority of the members; else it acknowledges nothing.</param>
/// <param name="MapVersion">Of the partition map the node acts on; 0: it has none yet.</param>
/// <param name="Control">Null: Control does not answer.</param>
/// <param name="Replicas">Copies wanted of each partition.</param>
/// <param name="ReplicasInForce">Copies asked for now: the wanted ones once there were as many nodes.</param>
public sealed record ClusterStatus(
    Guid Cluster, string Self, bool Confirmed, long MapVersion, ControlStatus? Control, int Partitions, int Replicas, int ReplicasInForce,
    IReadOnlyList<ClusterNodeStatus> Nodes, IReadOnlyList<UnderReplicated> UnderReplicated, IReadOnlyList<CopyMove> Moves,
    ClusterConfiguration Configuration);

/// <param name="MapVersion">Of the map in force.</param>
/// <param name="Behind">Changes that wait for the journal.</param>
/// <param name="JournalError">Null: the journal works.</param>
/// <param name="Frozen">Null, or why the map cannot change.</param>
public sealed record ControlStatus(long MapVersion, int Behind, string? JournalError, string? Frozen);

/// <param name="State">up, unreachable (not heard at the moment), draining (taken out of use by the operator), stopping or away.</param>
/// <param name="MapVersion">Null: not known.</param>
/// <param name="InSync">Copies that may be read.</param>
/// <param name="ToHandOver">Of one that is draining or stopping: partitions that are not in sync on enough other nodes yet. Null: it stays.</param>
public sealed record ClusterNodeStatus(
    string Id, string Incarnation, string State, string Zone, int Weight, string Address, string LinkAddress, long? MapVersion, int Copies, int InSync, int? ToHandOver = null);

/// <param name="Complete">Every acknowledged sample can be read.</param>
public sealed record UnderReplicated(int Partition, int InSync, int Wanted, bool Complete, string Reason);

/// <param name="State">joining, confirming, leaving or dropping.</param>
public sealed record CopyMove(int Partition, int Slot, string Node, string State);

/// <param name="Version">That this node uses; 0: none yet.</param>
/// <param name="Origin">The node whose files it is.</param>
/// <param name="Differs">This node's own files are others.</param>
/// <param name="Problem">Null, or why this node does not use the version in force.</param>
/// <param name="InForce">The cluster's version; null: Control does not answer.</param>
/// <param name="Frozen">Null, or why it cannot change now.</param>
public sealed record ClusterConfiguration(
    long Version, string Hash, string Origin, bool Differs, string? Problem, long? InForce, string? Frozen, IReadOnlyList<NodeConfigurationStatus> Nodes);

/// <summary>As <see cref="ClusterConfiguration"/>, of each node.</summary>
public sealed record NodeConfigurationStatus(string Id, long Version, bool Differs, string? Problem);

/// <summary>Membership, copies and configuration.</summary>
public interface IClusterPort
{
    Task<ClusterStatus> StatusAsync();

    /// <summary>Null: done, or so already; else why not.</summary>
    Task<string?> ChangeAsync(ClusterChange change);
}

/// <summary>What an operator may want of the cluster.</summary>
public abstract record ClusterChange
{
    /// <summary>Takes a node out of use, or back into it.</summary>
    /// <param name="Node">Null: the node that is asked.</param>
    public sealed record Drain(Guid? Node, bool On) : ClusterChange;

    /// <summary>Gives up a node that is away and will not return.</summary>
    public sealed record Forget(Guid Node) : ClusterChange;

    /// <summary>Gives up the copies that a partition waits for: what only they had is lost.</summary>
    public sealed record GiveUp(int Partition) : ClusterChange;
}
