using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Actors.Facts;

/// <summary>
/// Which node speaks for a partition where each is to be counted once: the copy in sync with the lowest slot, so that by one map all nodes choose the same. Where that one cannot, the
/// next.
/// </summary>
public sealed class HolderSpread
{
    private HolderSpread()
    {
    }

    /// <summary>This node's.</summary>
    public List<PartitionId> Here { get; } = [];

    public Dictionary<LinkPeer, List<PartitionId>> Elsewhere { get; } = [];

    /// <summary>Nobody is left who could speak for them.</summary>
    public List<PartitionId> Nobody { get; } = [];

    /// <param name="hasFailed">That node (null: this one) did not answer for the partition.</param>
    public static HolderSpread Of(IEnumerable<PartitionId> partitions, IReplicaHolders holders, Func<PartitionId, LinkPeer?, bool> hasFailed)
    {
        var spread = new HolderSpread();
        foreach (var partition in partitions)
        {
            ReplicaHolder? chosen = null;
            foreach (var holder in holders.Of(partition).Holders)
                if (holder.InSync && (chosen is null || holder.Slot < chosen.Slot) && !hasFailed(partition, holder.Peer))
                    chosen = holder;
            if (chosen is null)
                spread.Nobody.Add(partition);
            else if (chosen.Peer is not { } peer)
                spread.Here.Add(partition);
            else if (spread.Elsewhere.TryGetValue(peer, out var theirs))
                theirs.Add(partition);
            else
                spread.Elsewhere.Add(peer, [partition]);
        }
        return spread;
    }

    /// <summary>This node speaks for the partition as long as nothing fails.</summary>
    public static bool IsHere(PartitionId partition, IReplicaHolders holders)
    {
        ReplicaHolder? first = null;
        foreach (var holder in holders.Of(partition).Holders)
            if (holder.InSync && (first is null || holder.Slot < first.Slot))
                first = holder;
        return first is { Peer: null };
    }
}
