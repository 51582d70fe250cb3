using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;

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
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
