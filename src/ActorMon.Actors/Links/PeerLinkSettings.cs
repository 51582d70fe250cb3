using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Actors.Links;

/// <param name="Links">Calls other nodes.</param>
/// <param name="Holders">Tells the epochs that batches are sent by.</param>
/// <param name="RequestBytes">A request takes batches until it is so long.</param>
/// <param name="Timeout">Of one request.</param>
/// <param name="MinBackoff">Before a request that failed is sent again; doubles up to <paramref name="MaxBackoff"/>.</param>
public sealed record PeerLinkSettings(
    INodeLinks Links, IReplicaHolders Holders, int RequestBytes, TimeSpan Timeout, TimeSpan MinBackoff, TimeSpan MaxBackoff);
