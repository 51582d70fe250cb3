using System.Collections.Immutable;

namespace ActorMon.Replication.Map;

/// <summary>One partition in the map: its copies and what readers and writers have to keep to.</summary>
/// <param name="Epoch">Rises by one with every change of the copies; 0 before the first copy.</param>
/// <param name="Fence">The epoch at which writers last had to wait for a copy more than before: a holder refuses batches of older epochs.</param>
/// <param name="Copies">Every known copy, by slot.</param>
/// <param name="RetentionFloor">Milliseconds; samples before it are neither read, compared nor sent. Never falls.</param>
public sealed record PartitionState(long Epoch, long Fence, ImmutableArray<CopyRecord> Copies, long RetentionFloor = long.MinValue)
{
    /// <summary>Most copies of one partition that the map keeps apart.</summary>
    public const int Slots = 8;

    public static readonly PartitionState Fresh = new(0, 0, []);

    /// <summary>True once a copy was opened: data may exist, so a copy starts complete no more.</summary>
    public bool IsOpened => Epoch > 0;

    /// <summary>True when a read of a copy in sync misses nothing that was acknowledged.</summary>
    public bool IsComplete
    {
        get
        {
            var inSync = false;
            foreach (var copy in Copies)
            {
                if (copy.IsAwaited)
                    return false;
                inSync |= copy.IsInSync;
            }
            return inSync;
        }
    }

    public int InSyncCount
    {
        get
        {
            var count = 0;
            foreach (var copy in Copies)
                count += copy.IsInSync ? 1 : 0;
            return count;
        }
    }

    /// <summary>Copies that may be read.</summary>
    public IEnumerable<CopyRecord> InSync => Copies.Where(c => c.IsInSync);

    /// <summary>Copies that must have a batch before it is acknowledged. Empty: nothing can be acknowledged.</summary>
    public IEnumerable<CopyRecord> Required => Copies.Where(c => c.IsRequired);

    /// <summary>Copies that get every batch: the required ones and those being filled.</summary>
    public IEnumerable<CopyRecord> Receivers => Copies.Where(c => c.IsReceiver);

    /// <summary>Copies that the partition waits for; not empty: reads are partial.</summary>
    public IEnumerable<CopyRecord> Awaited => Copies.Where(c => c.IsAwaited);

    public CopyRecord? OnSlot(int slot)
    {
        foreach (var copy in Copies)
            if (copy.Slot == slot)
                return copy;
        return null;
    }

    /// <summary>The copy on a node; a node holds at most one of a partition.</summary>
    public CopyRecord? OnNode(NodeId node)
    {
        foreach (var copy in Copies)
            if (copy.Node == node)
                return copy;
        return null;
    }

    /// <summary>The copy in a node's present life, null when the map names another life.</summary>
    public CopyRecord? HeldBy(NodeIncarnation holder) => OnNode(holder.Node) is { } copy && copy.Holder == holder ? copy : null;

    /// <summary>The lowest slot without a copy, or -1.</summary>
    public int FreeSlot()
    {
        for (var slot = 0; slot < Slots; slot++)
            if (OnSlot(slot) is null)
                return slot;
        return -1;
    }

    public bool ContentEquals(PartitionState other) =>
        Epoch == other.Epoch && Fence == other.Fence && RetentionFloor == other.RetentionFloor && Copies.AsSpan().SequenceEqual(other.Copies.AsSpan());
}
