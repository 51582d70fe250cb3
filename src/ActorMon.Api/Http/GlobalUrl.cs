namespace ActorMon.Api.Http;

/// <summary>
/// A target's URL as seen from outside: a loopback host is replaced by the node's external host, and its port (and scheme) too when the target is the node itself.
/// </summary>
public static class GlobalUrl
{
    public static string Of(string url, string listenAddress, Uri external)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return url;
        return Of(uri, listenAddress, external.Scheme, external.IsDefaultPort && external.Authority.IndexOf(':', external.Authority.LastIndexOf(']') + 1) < 0
            ? HostOf(external)
            : $"{HostOf(external)}:{external.Port}");
    }

    /// <param name="host">External host, with or without port.</param>
    public static string Of(Uri url, string listenAddress, string scheme, string host)
    {
        var urlHost = url.Host.Trim('[', ']');
        if (urlHost is not ("127.0.0.1" or "::1" or "localhost"))
            return url.OriginalString;
        var (externalHost, externalPort) = SplitPort(host);
        var (_, listenPort) = SplitPort(listenAddress);
        var text = url.OriginalString;
        var rest = text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var pathAt = rest.IndexOfAny(['/', '?', '#']);
        var authority = pathAt < 0 ? rest : rest[..pathAt];
        var path = pathAt < 0 ? "" : rest[pathAt..];
        var (_, port) = SplitPort(authority);
        if (port is null)
            return $"{url.Scheme}://{externalHost}{path}";
        if (port == listenPort)
            return externalPort is null ? $"{scheme}://{externalHost}{path}" : $"{scheme}://{externalHost}:{externalPort}{path}";
        return $"{url.Scheme}://{externalHost}:{port}{path}";
    }

    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.Host.Trim('[', ']')}]" : uri.Host;

    private static (string Host, string? Port) SplitPort(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon < 0 || colon < address.LastIndexOf(']') ? (address, null) : (address[..colon], address[(colon + 1)..]);
    }
}
