using ActorMon.Model.Bytes;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Copies;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// Streams what this node's copy of a partition holds in some windows, as part files (docs/decisions/copies.md). A reader that is slow is waited for; one that goes away ends
/// it, and what was written for it goes too.
/// </summary>
public sealed class CopyOperation(PartitionTable table) : ILinkOperation
{
    private const int ChunkBytes = 256 << 10;

    public string Name => CopyWire.CopyOperation;

    public LinkBounds Bounds => new(1 << 20, 2);

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        if (await CopyRequests.ReadAsync(request, static frame => CopyWire.CopyRequestOf(frame.Reader()), cancellation).ConfigureAwait(false) is not { } asked)
            return;
        if (CopyRequests.StoreOf(table, asked.Partition, request) is not { } store)
            return;
        using var source = await Task.Run(() => store.BeginCopy(asked.Windows, cancellation), cancellation).ConfigureAwait(false);
        LinkFrames.Write(request.Answer, CopyWire.Manifest, CopyWire.EncodeManifest(source, new ByteWriter()));
        var chunk = new byte[ChunkBytes];
        for (var file = 0; file < source.Lengths.Count; file++)
        {
            for (long offset = 0; offset < source.Lengths[file];)
            {
                var read = source.Read(file, offset, chunk);
                if (read == 0)
                    throw new IOException($"file {file} of the copy of partition {asked.Partition} ends at {offset}, {source.Lengths[file]} bytes were announced");
                LinkFrames.Write(request.Answer, CopyWire.Data, chunk.AsSpan(0, read));
                await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
                offset += read;
            }
        }
        if (asked.Beside)
            WriteBeside(request, store, asked.Partition);
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Not much: exemplars are bounded, families are few.</summary>
    private static void WriteBeside(LinkRequest request, PartitionStore store, PartitionId partition)
    {
        var encoder = new BatchEncoder();
        foreach (var batch in BesideSamples.Of(store.View, partition, CopyWire.BesideEntries))
            LinkFrames.Write(request.Answer, CopyWire.Beside, encoder.Encode(new AddressedBatch(0, default, batch)));
    }
}
