using ActorMon.Http.Options;

namespace ActorMon.Http.Proxies;

/// <summary>Which proxy, if any, a URL goes through (golang.org/x/net/http/httpproxy). Immutable.</summary>
internal sealed class ProxySelector
{
    public static readonly ProxySelector Direct = new(null, null, null, ProxyOptions.None.ConnectHeaders);

    private readonly ProxyServer? _http;
    private readonly ProxyServer? _https;
    private readonly NoProxyRules? _noProxy;

    private ProxySelector(ProxyServer? http, ProxyServer? https, NoProxyRules? noProxy, IReadOnlyDictionary<string, IReadOnlyList<string>> connectHeaders)
    {
        _http = http;
        _https = https;
        _noProxy = noProxy;
        ConnectHeaders = connectHeaders;
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ConnectHeaders { get; }

    /// <summary>Some plain http URL may go through an HTTP proxy.</summary>
    public bool HasPlainProxy => _http is { IsSocks: false };

    /// <summary>Plain http URLs go through a proxy that is itself reached over TLS.</summary>
    public bool HasSecureProxy => _http is { IsSecure: true };

    public static ProxySelector For(ProxyOptions options, Func<string, string?> environment)
    {
        if (options.Url is { } url)
        {
            var server = Server(url);
            // Without no_proxy even localhost goes through the proxy; with it, never: so the peers.
            return new ProxySelector(server, server, options.NoProxy.Length > 0 ? NoProxyRules.Parse(options.NoProxy) : null, options.ConnectHeaders);
        }
        if (!options.FromEnvironment)
            return Direct;
        var http = FromVariable(environment, "HTTP_PROXY", "http_proxy");
        var https = FromVariable(environment, "HTTPS_PROXY", "https_proxy");
        return new ProxySelector(http, https, NoProxyRules.Parse(First(environment, "NO_PROXY", "no_proxy") ?? ""), options.ConnectHeaders);
    }

    public ProxyServer? Select(Uri uri)
    {
        var server = uri.Scheme == Uri.UriSchemeHttps ? _https : _http;
        return server is null || (_noProxy is not null && _noProxy.GoesDirect(uri.IdnHost, uri.Port)) ? null : server;
    }

    /// <summary>The HTTP proxy of a plain http URL, which needs the request in absolute form; null in all other cases.</summary>
    public ProxyServer? SelectPlain(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && HasPlainProxy ? Select(uri) : null;

    public string? PlainProxyAuthorization(Uri uri) => _http?.Authorization is null ? null : SelectPlain(uri)?.Authorization;

    private static ProxyServer? FromVariable(Func<string, string?> environment, string upper, string lower)
    {
        if (First(environment, upper, lower) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !ProxyServer.Supports(url))
            if (!Uri.TryCreate("http://" + text, UriKind.Absolute, out url))
                throw new ArgumentException($"{upper} holds an invalid proxy address: it must be a http, https or socks5 URL, or host:port");
        return Server(url);
    }

    private static string? First(Func<string, string?> environment, string upper, string lower) =>
        environment(upper) is { Length: > 0 } value ? value : environment(lower) is { Length: > 0 } other ? other : null;

    private static ProxyServer Server(Uri url) => ProxyServer.Supports(url)
        ? new ProxyServer(url)
        : throw new ArgumentException($"the proxy URL has the scheme \"{(url.IsAbsoluteUri ? url.Scheme : "")}\"; known are http, https, socks5 and socks5h");
}
