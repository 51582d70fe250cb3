using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Tests.Reading;

/// <summary>A call of an operation without a network: the real frames, whole in memory both ways.</summary>
internal static class LoopbackCall
{
    /// <param name="damage">What becomes of the answer's bytes on their way.</param>
    public static async Task<LinkAnswer> RunAsync(
        ILinkOperation operation, string sender, LinkPeer peer, Action<IBufferWriter<byte>> body, CancellationToken cancellation, Func<byte[], byte[]>? damage = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        body(bytes);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var request = new LinkRequest
        {
            Sender = new LinkSender(sender, 1),
            MapVersion = 1,
            Body = PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenMemory)),
            Answer = pipe.Writer,
        };
        await operation.HandleAsync(request, cancellation);
        await pipe.Writer.CompleteAsync();
        if (request.Status != LinkStatus.Ok)
            return new LinkAnswer(request.Status, request.Error, 1, null);
        var answer = new MemoryStream();
        await pipe.Reader.CopyToAsync(answer, cancellation);
        var received = answer.ToArray();
        return new LinkAnswer(
            LinkStatus.Ok, null, 1, new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(damage?.Invoke(received) ?? received)), peer.ToString()));
    }
}
