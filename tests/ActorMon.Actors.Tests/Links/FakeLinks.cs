using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using Akka.Actor;

namespace ActorMon.Actors.Tests.Links;

/// <summary>Links whose calls a test answers by hand, in the order they come.</summary>
internal sealed class FakeLinks : INodeLinks
{
    private readonly BlockingCollection<Call> _calls = [];

    /// <summary>For a link actor that never has a peer.</summary>
    public static readonly Func<LinkPeer, Props> None = peer => throw new InvalidOperationException($"no link to {peer} is expected");

    public static LinkPeer Peer(string name, ulong incarnation = 1) => new(name, incarnation, new Uri($"http://{name}:7947"));

    public Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation)
    {
        var written = new ArrayBufferWriter<byte>();
        body(written);
        var call = new Call(peer, operation, written.WrittenMemory.ToArray());
        _calls.Add(call, CancellationToken.None);
        return call.Answer.Task;
    }

    public Call Next(TimeSpan patience) => _calls.TryTake(out var call, patience) ? call : throw new TimeoutException("no call has come");

    public bool IsSilent(TimeSpan time) => !_calls.TryTake(out _, time);

    public sealed record Call(LinkPeer Peer, string Operation, byte[] Body)
    {
        public TaskCompletionSource<LinkAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<AddressedBatch> Batches()
        {
            var batches = new List<AddressedBatch>();
            var at = 0;
            while (Body[at + LinkFrames.HeaderBytes] != LinkFrames.End)
            {
                var length = BitConverter.ToInt32(Body, at);
                var content = Body.AsSpan(at + LinkFrames.HeaderBytes + 1, length - 1);
                var decoded = new BatchDecoder(32).Decode(ByteReader.Unpadded(content), out var error);
                Assert.Null(error);
                batches.Add(decoded!.Value);
                at += LinkFrames.HeaderBytes + length;
            }
            return batches;
        }

        public long[] Numbers() => [.. Batches().Select(b => b.Batch.Number)];

        public void Fail(LinkStatus status = LinkStatus.Unreachable) => Answer.SetResult(new LinkAnswer(status, "no", 0, null));

        /// <summary>Answers every batch the same way.</summary>
        public void ReplyAll(BatchReply reply, long stay = 0) => Reply([.. Batches().Select(_ => new BatchAnswer(reply, stay))]);

        public void Reply(params BatchAnswer[] answers)
        {
            var body = new ArrayBufferWriter<byte>();
            LinkFrames.Write(body, BatchFormat.RepliesKind, BatchReplies.Encode(answers, new ByteWriter()));
            LinkFrames.WriteEnd(body);
            var frames = new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(body.WrittenMemory)), "peer");
            Answer.SetResult(new LinkAnswer(LinkStatus.Ok, null, 0, frames));
        }
    }
}
