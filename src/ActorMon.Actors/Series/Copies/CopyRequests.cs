using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Tsdb;

namespace ActorMon.Actors.Series.Copies;

/// <summary>What the operations about copies have in common.</summary>
internal static class CopyRequests
{
    /// <summary>The body's one frame; null: refused.</summary>
    public static async Task<T?> ReadAsync<T>(LinkRequest request, Func<LinkFrame, T?> decode, CancellationToken cancellation) where T : struct
    {
        var frames = new LinkFrameReader(request.Body, $"node {request.Sender.Node}");
        var asked = await frames.ReadAsync(cancellation).ConfigureAwait(false) is { Kind: CopyWire.Request } frame ? decode(frame) : null;
        if (asked is null)
            request.Refuse(LinkStatus.Malformed, "the request is not one about a copy");
        return asked;
    }

    /// <summary>The open store of a partition; null: refused.</summary>
    public static PartitionStore? StoreOf(PartitionTable table, PartitionId partition, LinkRequest request)
    {
        var store = (uint)partition.Value < (uint)table.Partitions ? table[partition] : null;
        if (store is null)
            request.Refuse(LinkStatus.NotHeld, $"this node has no copy of partition {partition} open");
        return store;
    }
}
