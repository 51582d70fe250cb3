namespace ActorMon.Protocol.Links;

/// <summary>What a node bounds of one operation.</summary>
/// <param name="MaxBodyBytes">Longest body of a request.</param>
/// <param name="MaxConcurrent">Requests of one peer that are handled at once; further ones are refused as <see cref="LinkStatus.Busy"/>.</param>
public readonly record struct LinkBounds(long MaxBodyBytes, int MaxConcurrent)
{
    public static readonly LinkBounds Default = new(1 << 20, 16);
}

/// <summary>Something that other nodes may ask of this one: POST /link/v1/{Name}. One object handles all requests; any thread.</summary>
public interface ILinkOperation
{
    /// <summary>Lower-case letters and '-'; part of the wire format.</summary>
    string Name { get; }

    LinkBounds Bounds => LinkBounds.Default;

    /// <summary>True: a node without a cluster may ask (it looks for one to join).</summary>
    bool ServesStrangers => false;

    /// <summary>
    /// Reads the body, writes frames (<see cref="LinkFrames"/>) that end with <see cref="LinkFrames.WriteEnd"/>, or calls <see cref="LinkRequest.Refuse"/> before it has
    /// written anything. An exception ends the request, and its connection when an answer had begun: the caller never takes a part for the whole.
    /// </summary>
    /// <param name="cancellation">The caller has gone, or the node stops.</param>
    Task HandleAsync(LinkRequest request, CancellationToken cancellation);
}
