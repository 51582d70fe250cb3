using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Copies;

/// <summary>What a holder says to a batch.</summary>
public enum BatchVerdict
{
    Accept,

    /// <summary>The writer's map is too old: the answer carries this holder's version, the writer gets the newer map and sends again.</summary>
    OldEpoch,

    /// <summary>
    /// The cluster has forgotten deletions since the batch was sent, and one of them may mean samples of it that were acknowledged before: nobody could tell any more. A
    /// batch that still waits to be acknowledged is sent again by the newer map; one that does not is dropped, as no copy needs it.
    /// </summary>
    OldDeletions,

    /// <summary>The copy is from before deletions that the cluster has forgotten, so it will be made anew: what it took would be lost although it was accepted.</summary>
    CopyForgotten,

    /// <summary>By this node's map it holds no copy that gets batches. When the writer's epoch is the newer one, this node needs the newer map.</summary>
    NotHolder,

    /// <summary>The copy has stepped out; the map will say so soon.</summary>
    SteppedOut,

    /// <summary>The node has heard from no majority for too long.</summary>
    NoLease,
}

/// <summary>What a read of a copy is worth.</summary>
public enum ReadGrade
{
    /// <summary>Nothing that was acknowledged before the read began is missing.</summary>
    Complete,

    /// <summary>Something may be missing: another copy has to be asked, or the answer says so.</summary>
    Partial,

    /// <summary>There is no copy.</summary>
    None,
}

/// <summary>
/// What a holder may do with its copy right now. Both are asked with the newest map the node has, the batch by the copy's single writer: between its look at the
/// map and the batch being readable, no content may be handed out under a newer map.
/// </summary>
public static class CopyGate
{
    /// <param name="deletions">Of this node's map.</param>
    /// <param name="followed">Deletions that the copy has applied.</param>
    /// <param name="leaseHolds"><see cref="Membership.MajorityLease"/> at this moment.</param>
    public static BatchVerdict Accept(PartitionState partition, DeletionLog deletions, CopyFacts facts, long followed, BatchTerms sent, bool leaseHolds)
    {
        if (partition.HeldBy(facts.Self) is not { IsReceiver: true } copy)
            return BatchVerdict.NotHolder;
        if (sent.Epoch < partition.Fence)
            return BatchVerdict.OldEpoch;
        if (!deletions.MayMerge(sent.Forgotten))
            return BatchVerdict.OldDeletions;
        if (followed < deletions.Pruned)
            return BatchVerdict.CopyForgotten;
        if (facts.Failed || copy.Since == facts.SteppedOut)
            return BatchVerdict.SteppedOut;
        return leaseHolds ? BatchVerdict.Accept : BatchVerdict.NoLease;
    }

    /// <summary>To be asked when the read takes its view, and with the lease at the time the answer is sent.</summary>
    public static ReadGrade Grade(PartitionState partition, CopyFacts facts, bool leaseHolds)
    {
        if (partition.HeldBy(facts.Self) is not { } copy || copy.State == CopyState.Dropping)
            return ReadGrade.None;
        return partition.IsComplete && IsCurrent(partition, facts, leaseHolds) ? ReadGrade.Complete : ReadGrade.Partial;
    }

    /// <summary>The copy has all that copies in sync have. Of a partition that waits for a lost copy that is not everything, but nobody within reach has more.</summary>
    public static bool IsCurrent(PartitionState partition, CopyFacts facts, bool leaseHolds) =>
        leaseHolds && !facts.Failed && partition.HeldBy(facts.Self) is { IsInSync: true } copy && copy.Since != facts.SteppedOut;

    /// <summary>True when the copy may serve a confirming one whose state began at <paramref name="confirmingSince"/>: it is in sync and refuses the epochs before.</summary>
    public static bool MayConfirm(PartitionState partition, CopyFacts facts, long confirmingSince) =>
        partition.Epoch >= confirmingSince && !facts.Failed && partition.HeldBy(facts.Self) is { IsInSync: true } copy && copy.Since != facts.SteppedOut;
}
