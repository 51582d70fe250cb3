using System.Collections.Immutable;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Replication;

/// <summary>
/// Between the partition map in Control and the MapKeeper of every node. All of it crosses nodes but what says otherwise; no message is larger than
/// <see cref="MapMessages.MaxBytes"/> but one whose single event is.
/// </summary>
public static class MapProtocol
{
    /// <summary>Told to Control, meant for the partition map in it.</summary>
    public interface IToPartitionMap;

    /// <summary>Who a node is and what its disk holds; asked for by <see cref="WhoAreYou"/> and told at the start. Control answers with maps.</summary>
    /// <param name="Node">State and draining count for nothing.</param>
    public sealed record AnnounceNode(MapNode Node, ImmutableArray<HeldCopy> Held) : IToPartitionMap
    {
        public bool Equals(AnnounceNode? other) => other is not null && Node == other.Node && Held.AsSpan().SequenceEqual(other.Held.AsSpan());

        public override int GetHashCode() => Node.GetHashCode();
    }

    /// <summary>Control does not know the keeper that speaks to it.</summary>
    public sealed record WhoAreYou
    {
        public static readonly WhoAreYou Instance = new();
    }

    /// <summary>Told to Control once a second: the node lives and has this map.</summary>
    /// <param name="Deletions">How far its copies have come in the deletions; null: it does not say.</param>
    public sealed record KeeperState(NodeIncarnation Node, long Version, DeletionProgress? Deletions = null) : IToPartitionMap, IDeadLetterSuppression;

    /// <summary>Changes that follow the map that the keeper has; one that has another asks for the whole with <see cref="GetMap"/>.</summary>
    public sealed record MapChanged(MapDiff Diff)
    {
        public bool Equals(MapChanged? other) => other is not null && Diff.From == other.Diff.From && Diff.Events.AsSpan().SequenceEqual(other.Diff.Events.AsSpan());

        public override int GetHashCode() => Diff.From.GetHashCode();
    }

    public sealed record GetMap : IToPartitionMap
    {
        public static readonly GetMap Instance = new();
    }

    /// <summary>A piece of a whole map: all events of all pieces make it from nothing, and it then has this version.</summary>
    public sealed record WholeMap(Guid Cluster, long Version, int Partitions, ImmutableArray<MapEvent> Events, int Chunk, int Chunks)
    {
        public bool Equals(WholeMap? other) =>
            other is not null && (Cluster, Version, Partitions, Chunk, Chunks) == (other.Cluster, other.Version, other.Partitions, other.Chunk, other.Chunks)
            && Events.AsSpan().SequenceEqual(other.Events.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Version, Chunk);
    }

    /// <summary>Asks another member of the cluster for its voice; sent to each of them once a second.</summary>
    /// <param name="Stamp">The sender's own clock, given back as it is.</param>
    public sealed record Ping(NodeIncarnation From, long Stamp) : IDeadLetterSuppression;

    /// <summary>The voice: not given to a sender that was removed or that the answering node sees as unreachable.</summary>
    public sealed record Pong(NodeIncarnation From, long Stamp, long Utc = 0) : IDeadLetterSuppression;

    /// <summary>Control asks a node for how long it has not answered a node that the cluster has removed.</summary>
    public sealed record GetBarred(NodeIncarnation Removed);

    /// <param name="Milliseconds">For so long the removed node got no answer from this one, and it will get none.</param>
    public sealed record BarredFor(NodeIncarnation By, NodeIncarnation Removed, long Milliseconds) : IToPartitionMap, IDeadLetterSuppression;

    /// <summary>Something that happened to a copy, or that an operator wants of the map. Answered with <see cref="MapCommandDone"/> once it is durable.</summary>
    public sealed record DoMapCommand(long Correlation, MapCommand Command) : IToPartitionMap;

    /// <param name="Error">Null: done, or nothing was to be done.</param>
    /// <param name="MapVersion">The map that has it, or an earlier one that had it already.</param>
    public sealed record MapCommandDone(long Correlation, string? Error, long MapVersion = 0) : IDeadLetterSuppression;

    /// <summary>Asks Control for <see cref="MapStatus"/>.</summary>
    public sealed record GetMapStatus : IToPartitionMap
    {
        public static readonly GetMapStatus Instance = new();
    }

    /// <param name="Version">Of the map in force; 0: there is none yet.</param>
    /// <param name="Waiting">Events that wait for the journal.</param>
    /// <param name="JournalError">Null: the journal works.</param>
    /// <param name="Frozen">Null, or why membership cannot change now.</param>
    public sealed record MapStatus(long Version, int Waiting, string? JournalError, string? Frozen, IReadOnlyList<KeeperState> Keepers) : IDeadLetterSuppression
    {
        public bool Equals(MapStatus? other) => other is not null && (Version, Waiting, JournalError, Frozen) == (other.Version, other.Waiting, other.JournalError, other.Frozen)
            && Keepers.SequenceEqual(other.Keepers);

        public override int GetHashCode() => Version.GetHashCode();
    }

    /// <summary>What a node's Control is told about the map, in process.</summary>
    public sealed record MapApplied(PartitionMap Map) : INoSerializationVerificationNeeded;
}
