using System.Collections.Concurrent;
using System.Net.Security;
using ActorMon.Http.Options;
using ActorMon.Http.Proxies;
using ActorMon.Http.Tls;

namespace ActorMon.Http.Dialing;

/// <summary>
/// Makes the connections of one pool: direct, over a unix domain socket, or through a proxy, with TLS where the URL asks for it. TLS is done here and not by
/// the platform's handler because that one takes the server name from the URL only, and tunnels without headers of ours.
/// </summary>
internal sealed class Connector(TlsOptions tls, TlsMaterial? material, ProxySelector proxies, bool http2, HttpClientContext context)
{
    /// <summary>How many endpoints without HTTP/2 are remembered.</summary>
    private const int MaxHttp11Endpoints = 16_384;

    private readonly TcpDialer _dialer = new(context.Time);
    private readonly TlsConnector _tls = new(tls, context.Time);

    /// <summary>
    /// Endpoints that once agreed on HTTP/1.1. The platform's pool speaks 1.1 to such an endpoint for good, so a server that learned HTTP/2 meanwhile must
    /// not be offered it.
    /// </summary>
    private readonly ConcurrentDictionary<(string Host, int Port), bool> _http11 = [];

    /// <summary>The platform's connect callback.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        var uri = connection.InitialRequestMessage.RequestUri!;
        var secure = uri.Scheme == Uri.UriSchemeHttps;
        var endpoint = connection.DnsEndPoint;
        var proxy = proxies.Select(uri);
        var stream = proxy is null ? await DialAsync(endpoint.Host, endpoint.Port, cancellationToken)
            : proxy.IsSocks ? await SocksAsync(proxy, endpoint.Host, endpoint.Port, cancellationToken)
            : await ProxyAsync(proxy, secure ? Authority(endpoint.Host, endpoint.Port) : null, cancellationToken);
        return secure ? await SecureAsync(stream, endpoint.Host, endpoint.Port, cancellationToken) : stream;
    }

    private ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken) => context.UnixSocketPath is { } path
        ? TcpDialer.ConnectUnixAsync(path, cancellationToken)
        : _dialer.ConnectAsync(host, port, cancellationToken);

    private async ValueTask<Stream> SecureAsync(Stream stream, string host, int port, CancellationToken cancellationToken)
    {
        var offerHttp2 = http2 && !_http11.ContainsKey((host, port));
        var secured = await _tls.ConnectAsync(stream, host, material!, offerHttp2, cancellationToken);
        if (offerHttp2 && secured.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            if (_http11.Count >= MaxHttp11Endpoints)
                _http11.Clear();
            _http11[(host, port)] = true;
        }
        return secured;
    }

    /// <summary>A connection to an HTTP proxy, and through it to <paramref name="tunnelTo"/> when that is given.</summary>
    private async ValueTask<Stream> ProxyAsync(ProxyServer proxy, string? tunnelTo, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await _dialer.ConnectAsync(proxy.Host, proxy.Port, cancellationToken);
            if (proxy.IsSecure)
                stream = await _tls.ConnectAsync(stream, proxy.Host, material!, offerHttp2: false, cancellationToken);
            if (tunnelTo is not null)
                await ConnectTunnel.OpenAsync(stream, tunnelTo, proxy.Authorization, proxies.ConnectHeaders, cancellationToken);
            return stream;
        }
        catch (HttpTransportException e) when (e.HttpRequestError != HttpRequestError.ProxyTunnelError)
        {
            throw new HttpTransportException($"proxyconnect tcp: {e.Message}", e, e.HttpRequestError);
        }
    }

    private async ValueTask<Stream> SocksAsync(ProxyServer proxy, string host, int port, CancellationToken cancellationToken)
    {
        var route = $"socks connect tcp {Authority(proxy.Host, proxy.Port)}->{Authority(host, port)}";
        Stream stream;
        try
        {
            stream = await _dialer.ConnectAsync(proxy.Host, proxy.Port, cancellationToken);
        }
        catch (HttpTransportException e)
        {
            throw new HttpTransportException($"{route}: {e.Message}", e, e.HttpRequestError);
        }
        await Socks5.ConnectAsync(stream, host, port, proxy.User, proxy.Password, route, cancellationToken);
        return stream;
    }

    private static string Authority(string host, int port) => host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
}
