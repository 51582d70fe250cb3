using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;

namespace ActorMon.Protocol.Series;

/// <summary>One copy of a partition and the node that holds it.</summary>
/// <param name="Slot">r of the replica <c>p/r</c>, 0..7.</param>
/// <param name="Peer">Null: this node.</param>
/// <param name="Stay">Epoch since which it gets every batch without a break. An answer counts for this stay alone: between two stays a copy may have lost what it had.</param>
/// <param name="IsRequired">A batch is acknowledged when it has it. False: it is joining and gets every batch, but nobody waits for it.</param>
public sealed record ReplicaHolder(int Slot, LinkPeer? Peer, long Stay, bool IsRequired)
{
    /// <summary>Has every acknowledged batch, so it may be read. A copy that is waited for is not always so far.</summary>
    public bool InSync { get; init; } = IsRequired;

    /// <summary>Slots of a partition: a set of them is the bits of a byte.</summary>
    public const int MaxSlots = 8;
}

/// <summary>Who gets the batches of a partition in one epoch. At most one holder a slot and one a node.</summary>
/// <param name="IsOpen">Some copy is in sync; else nothing is acknowledged.</param>
public sealed record PartitionHolders(long Epoch, bool IsOpen, IReadOnlyList<ReplicaHolder> Holders)
{
    /// <summary>The version up to which the map has forgotten deletions.</summary>
    public long Forgotten { get; init; }

    /// <summary>Nobody yet: batches wait.</summary>
    public static readonly PartitionHolders None = new(0, IsOpen: false, []);

    /// <summary>This node alone, in sync.</summary>
    public static readonly PartitionHolders Alone = new(0, IsOpen: true, [new ReplicaHolder(0, null, 0, IsRequired: true)]);
}

/// <summary>Where batches go, as the newest partition map that this node has says. Any thread.</summary>
public interface IReplicaHolders
{
    /// <summary>Of the map; ascends.</summary>
    long Version { get; }

    /// <summary>The same object as long as nothing changes for the partition.</summary>
    PartitionHolders Of(PartitionId partition);

    /// <summary>Raised after another map stands, on any thread; handlers return at once.</summary>
    event Action? Changed;
}

/// <summary>A node without a map: it holds everything itself.</summary>
public sealed class LocalHolders : IReplicaHolders
{
    public static readonly LocalHolders Instance = new();

    public long Version => 0;

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public PartitionHolders Of(PartitionId partition) => PartitionHolders.Alone;
}
