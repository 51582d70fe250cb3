namespace ActorMon.Protocol.Links;

/// <summary>A node as the others reach it for bulk data.</summary>
/// <param name="Node">Its id; "" while only its address is known, as that of a seed.</param>
/// <param name="Incarnation">Its incarnation, the WriterId of its batches; 0: not known, whichever runs there answers.</param>
/// <param name="Endpoint">http or https, host and port.</param>
public sealed record LinkPeer(string Node, ulong Incarnation, Uri Endpoint)
{
    /// <summary>The name in metrics and messages.</summary>
    public override string ToString() => Endpoint.Authority;
}
