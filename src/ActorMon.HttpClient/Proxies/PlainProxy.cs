using System.Net;

namespace ActorMon.Http.Proxies;

/// <summary>
/// Shows the platform's handler the HTTP proxy of plain http URLs, so that it writes requests in absolute form. https URLs and SOCKS proxies look direct to
/// it: those connections are tunnelled by the connector.
/// </summary>
internal sealed class PlainProxy(ProxySelector proxies) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => null;
        set => throw new NotSupportedException("the proxy's credentials are those of its URL");
    }

    public Uri? GetProxy(Uri destination) => proxies.SelectPlain(destination)?.PlainUrl;

    public bool IsBypassed(Uri host) => proxies.SelectPlain(host) is null;
}
