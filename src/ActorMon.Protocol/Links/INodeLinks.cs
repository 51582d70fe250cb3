using System.Buffers;

namespace ActorMon.Protocol.Links;

/// <summary>Calls other nodes. Connections are pooled and bounded per peer. Any thread.</summary>
public interface INodeLinks
{
    /// <summary>
    /// Sends one request and waits for the begin of its answer. Never throws for what a peer or the network does: see <see cref="LinkAnswer.Status"/>.
    /// </summary>
    /// <param name="body">Writes the request's body; called once, before anything is sent.</param>
    /// <param name="timeout">Of the whole call, reading the answer included.</param>
    /// <exception cref="OperationCanceledException">The caller's own cancellation.</exception>
    Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation);
}
