using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;

namespace ActorMon.Replication.Map;

/// <summary>
/// One change of the map; each raises its version by one. An event carries the whole new state of what it is about (one node, one partition), so it is small,
/// and applying it needs no rule that another program version may have had.
/// </summary>
public abstract record MapEvent;

/// <summary>A node came, went or changed.</summary>
public sealed record NodeSet(MapNode Node) : MapEvent;

/// <summary>A node that holds nothing and will not return is no longer known.</summary>
public sealed record NodeForgotten(NodeId Node) : MapEvent;

public sealed record PartitionSet(PartitionId Partition, PartitionState State) : MapEvent;

/// <param name="Wanted">Copies wanted per partition.</param>
/// <param name="InForce">What is asked for now: the wanted number once there were that many nodes; never falls because nodes died.</param>
public sealed record ReplicasSet(int Wanted, int InForce) : MapEvent;

public sealed record DeletionLogged(Deletion Deletion) : MapEvent;

/// <summary>Deletions up to this version are forgotten.</summary>
public sealed record DeletionsPruned(long Version) : MapEvent;

/// <summary>Events that lead from one version of the map to a later one. A receiver with another version than <see cref="From"/> asks for the whole map.</summary>
public sealed record MapDiff(long From, ImmutableArray<MapEvent> Events)
{
    public long To => From + Events.Length;
}
