using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;

namespace ActorMon.Replication.Map;

/// <summary>Something that happened or is wanted; <see cref="MapDecider"/> says what it changes.</summary>
public abstract record MapCommand;

/// <summary>A copy that a node found on its disk.</summary>
/// <param name="Epoch">Highest epoch of the partition that the copy has noted on disk; a copy notes it before it acts on it.</param>
public readonly record struct HeldCopy(PartitionId Partition, long Epoch);

/// <summary>A node is a member of the cluster, for the first time or again. Ends its former life, when the map still has that as up.</summary>
/// <param name="Node">State, draining and stopping are ignored.</param>
/// <param name="Held">Every copy on its disk.</param>
public sealed record NodeUp(MapNode Node, ImmutableArray<HeldCopy> Held) : MapCommand;

/// <summary>A node was removed from the cluster and <see cref="Membership.RemovalGate"/> has let it pass, or has left by itself with its copies closed.</summary>
public sealed record NodeRemoved(NodeIncarnation Node) : MapCommand;

/// <summary>The operator gives up a node that is away: its copies, too, except those that a partition waits for.</summary>
public sealed record ForgetNode(NodeId Node) : MapCommand;

/// <summary>The operator takes a node out of use, or back into it: its copies move away and their files go. It stays a member.</summary>
public sealed record Drain(NodeId Node, bool On) : MapCommand;

/// <summary>A node says that it is about to stop: others get copies of what it holds (<see cref="Membership.HandOver"/>). Holds for this life of it.</summary>
public sealed record BeginStop(NodeIncarnation Node) : MapCommand;

/// <param name="Replicas">1 .. 5.</param>
public sealed record SetReplicas(int Replicas) : MapCommand;

/// <summary>Copies of a partition that never had any, in sync from the start, on nodes that are up.</summary>
public sealed record OpenFresh(PartitionId Partition, ImmutableArray<NodeId> Nodes) : MapCommand;

/// <summary>No copy is in sync and none of the awaited is there: these nodes take writes, reads stay partial until every awaited copy has been merged.</summary>
public sealed record OpenIncomplete(PartitionId Partition, ImmutableArray<NodeId> Nodes) : MapCommand;

/// <summary>A node without copy gets one, or a stale copy is used again.</summary>
public sealed record StartJoin(PartitionId Partition, NodeId Node) : MapCommand;

/// <summary>A copy that is being filled is no longer wanted.</summary>
public sealed record CancelJoin(CopyStint Copy) : MapCommand;

/// <summary>A copy in sync is asked to step out, because enough others are in sync.</summary>
public sealed record StartLeave(CopyStint Copy) : MapCommand;

/// <summary>A stale copy may delete its files.</summary>
public sealed record GrantDrop(CopyStint Copy) : MapCommand;

/// <summary>Report of a joining copy: filled, batches reach it.</summary>
public sealed record CaughtUp(CopyStint Copy) : MapCommand;

/// <summary>
/// Report of a confirming copy: it has everything that a copy in sync, which refused older epochs, had. Of an opening one, and of one in sync from the partition's start: its
/// disk has noted the epoch.
/// </summary>
public sealed record Verified(CopyStint Copy) : MapCommand;

/// <summary>Report of a copy in sync: it holds everything that the awaited copy holds.</summary>
public sealed record MergedAwaited(CopyStint Copy, CopyStint Awaited) : MapCommand;

/// <summary>A copy has stopped to take batches and to be read, because it was asked to (<paramref name="Failed"/> false) or because its storage failed.</summary>
public sealed record SteppedOut(CopyStint Copy, bool Failed) : MapCommand;

/// <summary>A copy that had stepped out can be used again.</summary>
/// <param name="Epoch">As in <see cref="HeldCopy.Epoch"/>.</param>
public sealed record CopyRepaired(CopyStint Copy, long Epoch) : MapCommand;

/// <summary>A copy that was granted to delete its files has done so.</summary>
public sealed record CopyDropped(CopyStint Copy) : MapCommand;

/// <summary>The operator gives up the copies that a partition waits for: what only they had is lost.</summary>
public sealed record ForgetAwaited(PartitionId Partition) : MapCommand;

public sealed record RaiseFloor(PartitionId Partition, long Floor) : MapCommand;

public sealed record LogDeletion(DeletionRequest Request) : MapCommand;

/// <summary>Every known copy has applied the deletions up to this version.</summary>
public sealed record PruneDeletions(long Version) : MapCommand;

/// <summary>What a command changes: events to persist and apply in one piece, or why it cannot be. A command that changes nothing has neither.</summary>
public readonly record struct MapDecision(ImmutableArray<MapEvent> Events, string? Refusal)
{
    public static readonly MapDecision Nothing = new([], null);

    public static MapDecision Refused(string why) => new([], why);

    public static MapDecision Of(params ReadOnlySpan<MapEvent> events) => new([.. events], null);
}
