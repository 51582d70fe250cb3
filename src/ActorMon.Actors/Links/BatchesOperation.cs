using ActorMon.Actors.Series;
using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Links;

/// <summary>
/// Takes batches of other nodes for the copies on this one: each goes to its replica's actor as a batch of this node does, and the request is answered when all replicas
/// have. A replica that is not there is told to the sender at once, one that stays silent after <paramref name="patience"/>; the sender keeps such batches.
/// </summary>
public sealed class BatchesOperation(PartitionTable table, TimeSpan patience) : ILinkOperation
{
    public string Name => LinkOperations.Batches;

    // One request at a time is what a node sends; the rest is for those it has given up.
    public LinkBounds Bounds => new(BatchFormat.MaxBodyBytes, 4);

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        var frames = new LinkFrameReader(request.Body, $"node {request.Sender.Node}", BatchFormat.MaxFrameBytes);
        var decoder = new BatchDecoder(table.Partitions);
        var answers = new List<Task<BatchAnswer>>();
        var batches = new List<AddressedBatch>();
        while (await frames.ReadAsync(cancellation) is { } frame)
        {
            if (frame.Kind != BatchFormat.BatchKind)
                throw new LinkBrokenException($"a frame of kind {frame.Kind} among batches");
            batches.Add(decoder.Decode(frame.Reader(), out var error) ?? throw new LinkBrokenException($"batch {batches.Count} of the request cannot be read: {error}"));
        }
        foreach (var batch in batches)
            answers.Add(WriteAsync(batch, cancellation));
        LinkFrames.Write(request.Answer, BatchFormat.RepliesKind, BatchReplies.Encode(await Task.WhenAll(answers), new ByteWriter()));
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation);
    }

    private async Task<BatchAnswer> WriteAsync(AddressedBatch addressed, CancellationToken cancellation)
    {
        if (table.Serving(addressed.Batch.Partition) is not { } serving || serving.Replica != addressed.Replica)
            return new BatchAnswer(BatchReply.Unanswered, 0, $"replica {addressed.Replica} is not served here");
        try
        {
            return await serving.Writer.Ask<object>(new Write(addressed.Batch, serving.Session, addressed.Sent), patience, cancellation) switch
            {
                Written written => new BatchAnswer((BatchReply)written.Outcome, written.Stay, written.Error),
                // It was started again: whether it read the batch before is not known.
                _ => new BatchAnswer(BatchReply.Unanswered, 0, $"replica {addressed.Replica} has another session"),
            };
        }
        catch (AskTimeoutException)
        {
            return new BatchAnswer(BatchReply.Unanswered, 0, $"replica {addressed.Replica} did not answer within {patience.TotalSeconds:0} s");
        }
    }
}
