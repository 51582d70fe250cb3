using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>The frames of one node's answer; waits for each no longer than is set.</summary>
/// <param name="asked">What the node was asked.</param>
internal sealed class AnswerFrames(LinkPeer peer, ReadRequest asked, LinkFrameReader frames, CancellationTokenSource patience, TimeSpan next, CancellationToken cancellation)
{
    public LinkPeer Peer => peer;

    public ReadRequest Asked => asked;

    /// <summary>What of the samples the node itself has lost; whole when all frames are read.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>Without those that the node refuses; known behind the head.</summary>
    public IReadOnlyList<PartitionId> Answered { get; private set; } = asked.Partitions;

    /// <summary>Of the answer so far.</summary>
    public long Bytes => frames.BytesRead;

    /// <exception cref="LinkBrokenException">The answer does not begin as it should.</exception>
    public async Task HeadAsync(List<PartitionId> refused, List<PartitionId> incomplete)
    {
        if (await NextAsync().ConfigureAwait(false) is not { } head || !FactFrames.ReadHead(head, refused, incomplete))
            throw new LinkBrokenException("an answer to a read has no head");
        if (refused.Count > 0)
            Answered = [.. asked.Partitions.Except(refused)];
    }

    /// <summary>Hands over the content of each frame of the kind; others are passed over.</summary>
    /// <param name="read">False: the frame is damaged.</param>
    /// <exception cref="LinkBrokenException">It was, or the answer broke off.</exception>
    public async Task ReadAllAsync(byte kind, Func<LinkFrame, bool> read)
    {
        while (await NextAsync().ConfigureAwait(false) is { } frame)
            if (frame.Kind == ReadFrameKinds.Warnings ? !FactFrames.ReadTexts(frame, Lost) : frame.Kind == kind && !read(frame))
                throw new LinkBrokenException($"a frame of kind {frame.Kind} of an answer to a read cannot be read");
    }

    private async ValueTask<LinkFrame?> NextAsync()
    {
        var frame = await frames.ReadAsync(cancellation).ConfigureAwait(false);
        patience.CancelAfter(next);
        return frame;
    }
}
