namespace ActorMon.Http.Redirects;

/// <summary>A request made to follow a redirect. <paramref name="leftHost"/>: this hop or one before it led away from the first host.</summary>
internal sealed class RedirectedRequest(HttpMethod method, Uri uri, bool leftHost) : HttpRequestMessage(method, uri)
{
    public bool LeftHost { get; } = leftHost;
}
