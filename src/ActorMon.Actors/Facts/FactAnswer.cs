using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;
using Google.Protobuf;

namespace ActorMon.Actors.Facts;

/// <summary>One node's answer to a question about itself or about partitions: a head, then a message in pieces. The same both ways.</summary>
internal static class FactAnswer
{
    /// <summary>What one node may tell at once: about a million values of labels.</summary>
    public const int MaxBytes = 128 << 20;

    private const byte Piece = 2;
    private const int PieceBytes = 256 << 10;

    public static async Task WriteAsync(
        LinkRequest request, IReadOnlyList<PartitionId> refused, IReadOnlyList<PartitionId> incomplete, IMessage message, CancellationToken cancellation)
    {
        if (message.CalculateSize() is var size and > MaxBytes)
        {
            request.Refuse(LinkStatus.Failed, $"the answer has {size} bytes, the limit is {MaxBytes}");
            return;
        }
        var bytes = message.ToByteArray();
        FactFrames.WriteHead(request.Answer, refused, incomplete);
        for (var at = 0; at < bytes.Length; at += PieceBytes)
        {
            LinkFrames.Write(request.Answer, Piece, bytes.AsSpan(at, Math.Min(PieceBytes, bytes.Length - at)));
            await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
        }
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <exception cref="LinkBrokenException">The answer is cut off, damaged or too long.</exception>
    public static async Task<T> ReadAsync<T>(
        LinkFrameReader frames, List<PartitionId> refused, List<PartitionId> incomplete, MessageParser<T> parser, CancellationToken cancellation)
        where T : IMessage<T>
    {
        if (await frames.ReadAsync(cancellation).ConfigureAwait(false) is not { } head || !FactFrames.ReadHead(head, refused, incomplete))
            throw new LinkBrokenException("an answer about a node has no head");
        var bytes = new MemoryStream();
        while (await frames.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            if (frame.Kind != Piece)
                continue;
            if (bytes.Length + frame.Content.Length > MaxBytes)
                throw new LinkBrokenException($"an answer about a node is longer than {MaxBytes} bytes");
            bytes.Write(frame.Content.Span);
        }
        try
        {
            return parser.ParseFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new LinkBrokenException($"an answer about a node cannot be read: {e.Message}", e);
        }
    }
}
