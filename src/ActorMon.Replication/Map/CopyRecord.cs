using ActorMon.Model.Sharding;

namespace ActorMon.Replication.Map;

/// <summary>What the map says about one copy of a partition. Numbers are part of the journal and the wire: extend only.</summary>
public enum CopyState
{
    /// <summary>Being filled from a copy in sync. Gets every batch, is not waited for and not read.</summary>
    Joining = 0,

    /// <summary>Filled; waited for by writers since this state's epoch; compares itself with a copy in sync that refuses older epochs. Not read.</summary>
    Confirming = 1,

    /// <summary>Has every acknowledged batch; waited for, and read.</summary>
    InSync = 2,

    /// <summary>In sync, and asked to step out: still waited for and read until it has done so itself.</summary>
    Leaving = 3,

    /// <summary>On disk, without a part in the partition: behind, or not yet asked to join.</summary>
    Stale = 4,

    /// <summary>Stepped out because its storage failed; stale once it reports to be repaired.</summary>
    Faulted = 5,

    /// <summary>The last copy that was in sync left without another one: the partition waits for it.</summary>
    Lost = 6,

    /// <summary>A copy that the partition waits for is back; every copy in sync merges it.</summary>
    Returned = 7,

    /// <summary>May delete its files, and may have done so already: never used again.</summary>
    Dropping = 8,

    /// <summary>To take over for copies that are away: waited for; in sync once its disk has noted it.</summary>
    Opening = 9,
}

/// <summary>A copy of a partition on a node.</summary>
/// <param name="Slot">0 .. <see cref="PartitionState.Slots"/> - 1; with the partition the name of the replica (<c>p/r</c>). A copy keeps its slot; a free slot is given again.</param>
/// <param name="Holder">The node and the life of it in which this state holds.</param>
/// <param name="Since">The partition's epoch at which the copy got this state or holder. Reports about the copy name it, so a late one is known as such.</param>
/// <param name="Receives">Epoch since which it gets every batch, 0 when it gets none. An acceptance counts only for this stay: between two stays a copy may have lost what it had.</param>
/// <param name="Admitted">An epoch that its disk had noted when it was last in sync: a disk without it is not the one that it was. 0: never in sync, or in sync from the partition's start and its node has not said yet that it knows.</param>
/// <param name="Merged">Of a copy in sync: bit s set when it has merged the copy in slot s that the partition waits for.</param>
public sealed record CopyRecord(int Slot, NodeIncarnation Holder, CopyState State, long Since, long Receives = 0, long Admitted = 0, int Merged = 0)
{
    public NodeId Node => Holder.Node;

    /// <summary>Has every acknowledged batch; may be read.</summary>
    public bool IsInSync => State is CopyState.InSync or CopyState.Leaving;

    /// <summary>A write is acknowledged when every such copy has it.</summary>
    public bool IsRequired => IsInSync || State is CopyState.Confirming or CopyState.Opening;

    /// <summary>Gets every batch.</summary>
    public bool IsReceiver => IsRequired || State == CopyState.Joining;

    /// <summary>The partition is not complete before this copy has been merged.</summary>
    public bool IsAwaited => State is CopyState.Lost or CopyState.Returned;

    /// <summary>Whom an acceptance of a batch must come from to count for this copy.</summary>
    public CopyStay Stay => new(Holder, Receives);

    public bool HasMerged(int slot) => (Merged >> slot & 1) != 0;
}

/// <summary>Names one state of one copy: what a report is about. The map ignores a report about another one than it has.</summary>
public readonly record struct CopyStint(PartitionId Partition, int Slot, NodeIncarnation Holder, long Since)
{
    public static CopyStint Of(PartitionId partition, CopyRecord copy) => new(partition, copy.Slot, copy.Holder, copy.Since);
}

/// <summary>An unbroken stay of a copy among those that get every batch: holder and <see cref="CopyRecord.Receives"/>.</summary>
public readonly record struct CopyStay(NodeIncarnation Holder, long Receives);
