using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Copies;
using Akka.Actor;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// Tells another node what this node's copy of a partition holds. For a copy that confirms, only once this one has seen the epoch and everything let in before is visible
/// (docs/replication.md, joining).
/// </summary>
public sealed class CopyFactsOperation(PartitionTable table, CopyStandings standings, TimeSpan patience) : ILinkOperation
{
    public string Name => CopyWire.FactsOperation;

    // Digests read every sample of the copy.
    public LinkBounds Bounds => new(1 << 10, 2);

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        if (await CopyRequests.ReadAsync(request, static frame => CopyWire.FactsRequestOf(frame.Reader()), cancellation).ConfigureAwait(false) is not { } asked)
            return;
        if (CopyRequests.StoreOf(table, asked.Partition, request) is not { } store)
            return;
        if (asked.Since >= 0 && !await ConfirmAsync(asked, request, cancellation).ConfigureAwait(false))
            return;
        // In this order: what the positions count is in the view.
        var positions = store.Stats.Writers;
        var view = store.View;
        var writer = new ByteWriter();
        var spans = store.StoredParts().Select(p => new CopySpan(p.MinTime, p.MaxTime, p.Bytes)).ToArray();
        LinkFrames.Write(request.Answer, CopyWire.Facts, CopyWire.EncodeFacts(view.MinTime.Value, view.MaxTime.Value, spans, positions, writer));
        await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
        if (asked.Digests.Length > 0 || asked.Digests.End > asked.Digests.Start)
        {
            var digests = await Task.Run(() => ContentDigest.Of(view, asked.Digests.Start, asked.Digests.End - 1, cancellation), cancellation).ConfigureAwait(false);
            foreach (var chunk in digests.Chunk(CopyWire.DigestsPerFrame))
            {
                LinkFrames.Write(request.Answer, CopyWire.Digests, CopyWire.Encode(chunk, writer));
                await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<bool> ConfirmAsync(FactsRequest asked, LinkRequest request, CancellationToken cancellation)
    {
        if (!standings.MayConfirm(asked.Partition, asked.Since) || table.Serving(asked.Partition) is not { } serving)
        {
            request.Refuse(LinkStatus.NotHeld, $"not yet: this node's copy of partition {asked.Partition} is not in sync in epoch {asked.Since}");
            return false;
        }
        try
        {
            await serving.Writer.Ask<WriterPassed>(PassWriter.Instance, patience, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException)
        {
            request.Refuse(LinkStatus.Busy, $"the writer of partition {asked.Partition} did not answer within {patience.TotalSeconds:0} s");
            return false;
        }
    }
}
