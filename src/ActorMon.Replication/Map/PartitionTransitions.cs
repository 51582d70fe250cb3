using System.Collections.Immutable;

namespace ActorMon.Replication.Map;

/// <summary>The moves of one partition from state to state. Each returns the sealed new state: epoch, fence and the copies' epochs follow from what has changed.</summary>
internal static class PartitionTransitions
{
    /// <summary>In place of <see cref="CopyRecord.Since"/>: the copy keeps its state and begins it anew.</summary>
    private const long Anew = -1;

    /// <summary>The holder's life has ended: a copy in sync leaves, and becomes awaited when it was the last one; one that may have no files is forgotten.</summary>
    public static PartitionState HolderGone(this PartitionState partition, CopyRecord copy) => copy.State is CopyState.Dropping or CopyState.Opening
        ? partition.Without(copy.Slot)
        : partition.With(copy with
        {
            State = copy.State switch
            {
                CopyState.InSync or CopyState.Leaving => partition.IsLastInSync(copy) ? CopyState.Lost : CopyState.Stale,
                CopyState.Returned => CopyState.Lost,
                CopyState.Joining or CopyState.Confirming or CopyState.Faulted => CopyState.Stale,
                var kept => kept,
            },
        });

    /// <summary>The node is back in a new life, with or without the copy on its disk. The copy's former holder must be gone already.</summary>
    /// <param name="heldEpoch">Null: not on the disk.</param>
    public static PartitionState HolderBack(this PartitionState partition, NodeIncarnation holder, long? heldEpoch)
    {
        if (partition.OnNode(holder.Node) is not { } copy)
        {
            // Files that the map does not know: granted while the node was away. They become a copy again, so that they are granted again or used.
            var slot = partition.FreeSlot();
            return heldEpoch is null || slot < 0 ? partition : partition.With(new CopyRecord(slot, holder, CopyState.Stale, 0));
        }
        copy = copy with { Holder = holder };
        // A node that never heard of a copy from the partition's start has taken nothing for it, and nothing was acknowledged without it.
        var neverKnew = heldEpoch is null && copy.Admitted == 0;
        if (copy.IsAwaited && !(neverKnew && partition.InSyncCount > 0))
            // Otherwise another disk, or the same one as it was before the copy was in sync: the partition goes on waiting.
            return partition.With(copy with { State = heldEpoch >= copy.Admitted || neverKnew ? CopyState.Returned : CopyState.Lost });
        return heldEpoch is null ? partition.Without(copy.Slot) : partition.With(copy);
    }

    /// <summary>Copies in a state, on slots they have or free ones.</summary>
    public static PartitionState Open(this PartitionState partition, ReadOnlySpan<NodeIncarnation> holders, CopyState state)
    {
        var opened = partition;
        foreach (var holder in holders)
        {
            var slot = opened.OnNode(holder.Node)?.Slot ?? opened.FreeSlot();
            if (slot >= 0)
                opened = opened.Put(new CopyRecord(slot, holder, state, 0));
        }
        return Seal(partition, opened);
    }

    /// <summary>Replaces or adds the copy of its slot.</summary>
    public static PartitionState With(this PartitionState partition, CopyRecord copy) => Seal(partition, partition.Put(copy));

    public static PartitionState Without(this PartitionState partition, int slot) =>
        Seal(partition, partition with { Copies = partition.Copies.RemoveAll(c => c.Slot == slot) });

    /// <summary>Awaited copies are given up: stale when their node is there, forgotten otherwise.</summary>
    public static PartitionState ForgetAwaited(this PartitionState partition) =>
        Seal(partition, partition with
        {
            Copies = [.. partition.Copies.Where(c => c.State != CopyState.Lost).Select(c => c.State == CopyState.Returned ? c with { State = CopyState.Stale } : c)],
        });

    public static bool IsLastInSync(this PartitionState partition, CopyRecord copy) => copy.IsInSync && partition.InSyncCount == 1;

    private static PartitionState Put(this PartitionState partition, CopyRecord copy)
    {
        var copies = partition.Copies;
        for (var i = 0; i < copies.Length; i++)
        {
            if (copies[i].Slot == copy.Slot)
                return partition with { Copies = copies.SetItem(i, copy) };
            if (copies[i].Slot > copy.Slot)
                return partition with { Copies = copies.Insert(i, copy) };
        }
        return partition with { Copies = copies.Add(copy) };
    }

    private static PartitionState Seal(PartitionState before, PartitionState after)
    {
        var copies = Settle(after.Copies);
        if (copies.AsSpan().SequenceEqual(before.Copies.AsSpan()))
            return before;
        var epoch = before.Epoch + 1;
        var fence = before.Fence;
        var stamped = copies.ToBuilder();
        for (var i = 0; i < stamped.Count; i++)
        {
            var copy = stamped[i];
            var was = before.OnSlot(copy.Slot);
            var sameHolder = was is not null && was.Holder == copy.Holder;
            if (copy.IsRequired && !(sameHolder && was!.IsRequired))
                fence = epoch;
            if (sameHolder && was!.State == copy.State && copy.Since != Anew)
                continue;
            var enters = copy.IsInSync && !(sameHolder && was!.IsInSync);
            stamped[i] = copy with
            {
                Since = epoch,
                Receives = !copy.IsReceiver ? 0 : sameHolder && was!.IsReceiver ? was.Receives : epoch,
                Admitted = enters && was?.State is CopyState.Opening or CopyState.Confirming ? was.Since : copy.Admitted,
                Merged = copy.IsInSync && !enters ? copy.Merged : 0,
            };
        }
        return after with { Epoch = epoch, Fence = fence, Copies = stamped.ToImmutable() };
    }

    /// <summary>Ends waiting where it can end: a copy that is back serves when no other is in sync; one that every copy in sync has merged is a stale copy like others.</summary>
    private static ImmutableArray<CopyRecord> Settle(ImmutableArray<CopyRecord> copies)
    {
        // The ones that were to take over have gone: nobody leaves.
        if (!copies.Any(c => c.State == CopyState.InSync))
            copies = [.. copies.Select(c => c.State == CopyState.Leaving ? c with { State = CopyState.InSync } : c)];
        if (!copies.Any(c => c.IsInSync) && copies.FirstOrDefault(c => c.State == CopyState.Returned) is { } back)
            // What was to take over for it lacks what it has.
            copies = [.. copies.Select(c => c == back ? c with { State = CopyState.InSync } : c.State == CopyState.Opening ? c with { State = CopyState.Stale } : c)];
        foreach (var awaited in copies.Where(c => c.State == CopyState.Returned).ToArray())
            // A copy that is opening will be in sync without asking again, so it counts.
            if (copies.Any(c => c.IsInSync) && copies.All(c => c.HasMerged(awaited.Slot) || !(c.IsInSync || c.State == CopyState.Opening)))
                // What a confirming copy has compared itself with may have been without it.
                copies =
                [
                    .. copies.Select(c => c == awaited ? c with { State = CopyState.Stale } : c.State == CopyState.Confirming ? c with { Since = Anew } : c),
                ];
        var waitingFor = copies.Where(c => c.IsAwaited).Aggregate(0, (bits, c) => bits | 1 << c.Slot);
        return [.. copies.Select(c => (c.Merged & ~waitingFor) == 0 ? c : c with { Merged = c.Merged & waitingFor })];
    }
}
