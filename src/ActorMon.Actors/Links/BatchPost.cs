using System.Buffers;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Replication.Copies;
using static ActorMon.Protocol.Series.LinkProtocol;

namespace ActorMon.Actors.Links;

/// <summary>How a request with batches ended: an answer for each, or what failed.</summary>
internal sealed record BatchPosted(BatchAnswer[]? Answers, string? Error);

/// <summary>Puts batches into a request, as many as its length allows, and reads the answers. One request at a time.</summary>
internal sealed class BatchPost(LinkPeer peer, PeerLinkSettings settings)
{
    private readonly BatchEncoder _encoder = new();

    /// <summary>Takes batches from the front of <paramref name="waiting"/> over to <paramref name="taken"/>. The batches are read before this returns, the answer comes later.</summary>
    public Task<BatchPosted> SendAsync(Queue<Forward> waiting, List<Forward?> taken, CancellationToken cancellation)
    {
        // Encoded in here, on the caller's thread: its queue is not touched afterwards.
        var call = settings.Links.CallAsync(peer, LinkOperations.Batches, body => Fill(body, waiting, taken), settings.Timeout, cancellation);
        return AnswersAsync(call, taken.Count, cancellation);
    }

    private void Fill(IBufferWriter<byte> body, Queue<Forward> waiting, List<Forward?> taken)
    {
        var bytes = 0;
        while (bytes < settings.RequestBytes && waiting.TryDequeue(out var forward))
        {
            taken.Add(forward);
            var content = _encoder.Encode(new AddressedBatch(
                forward.Replica.Replica, new BatchTerms(settings.Holders.Of(forward.Replica.Partition).Epoch, forward.Forgotten), forward.Batch));
            LinkFrames.Write(body, BatchFormat.BatchKind, content);
            bytes += content.Length;
        }
        LinkFrames.WriteEnd(body);
    }

    private async Task<BatchPosted> AnswersAsync(Task<LinkAnswer> call, int count, CancellationToken cancellation)
    {
        await using var answer = await call.ConfigureAwait(false);
        if (!answer.IsOk)
            return new BatchPosted(null, answer.Error);
        try
        {
            BatchAnswer[]? answers = null;
            while (await answer.Frames.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
                if (frame.Kind == BatchFormat.RepliesKind)
                    answers = BatchReplies.Decode(frame.Reader());
            return answers?.Length == count ? new BatchPosted(answers, null) : new BatchPosted(null, $"{peer} answered {answers?.Length ?? 0} of {count} batches");
        }
        catch (LinkBrokenException e)
        {
            return new BatchPosted(null, e.Message);
        }
    }
}
