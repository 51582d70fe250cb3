using System.Net;
using System.Text;
using ActorMon.Http.Dialing;
using ActorMon.Http.Options;
using ActorMon.Http.Proxies;
using ActorMon.Http.Tls;

namespace ActorMon.Http;

/// <summary>
/// The end of a chain: connection pools. Dialling, proxies and TLS are the <see cref="Connector"/>'s. When a TLS file changes, a new pool with the new
/// material takes over and the old one closes after its last request, so that no request rides on a connection made with the old certificate.
/// </summary>
internal sealed class Transport : HttpMessageHandler
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(5);

    /// <summary>How long an HTTP/2 connection may be silent before it is asked for a sign of life.</summary>
    private static readonly TimeSpan Http2ReadIdleTimeout = TimeSpan.FromMinutes(1);

    private readonly TlsOptions _tls;
    private readonly bool _http2;
    private readonly Encoding? _headerEncoding;
    private readonly HttpClientContext _context;
    private readonly ProxySelector _proxies;
    private readonly TlsMaterialSource _materials;
    private readonly Lock _lock = new();
    private Pool? _current;
    private bool _disposed;

    public Transport(TlsOptions tls, ProxyOptions proxy, bool http2, Encoding? headerEncoding, HttpClientContext context)
    {
        _tls = tls;
        _http2 = http2;
        _headerEncoding = headerEncoding;
        _context = context;
        _proxies = context.UnixSocketPath is null ? ProxySelector.For(proxy, context.Environment) : ProxySelector.Direct;
        _materials = new TlsMaterialSource(tls, context);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri;
        if (uri is null || !uri.IsAbsoluteUri)
            throw new ArgumentException("a request needs an absolute URL", nameof(request));
        var secure = uri.Scheme == Uri.UriSchemeHttps;
        if (!secure && uri.Scheme != Uri.UriSchemeHttp)
            throw new HttpTransportException($"unsupported protocol scheme \"{uri.Scheme}\"");
        // HTTP/2 is spoken only where ALPN agreed on it, hence never without TLS.
        request.Version = secure && _http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        var proxyAuthorization = secure ? null : _proxies.PlainProxyAuthorization(uri);
        if (proxyAuthorization is not null)
            request.Headers.TryAddWithoutValidation("Proxy-Authorization", proxyAuthorization);
        var pool = Rent(secure || _proxies.HasSecureProxy);
        try
        {
            return await pool.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Return(pool);
            if (proxyAuthorization is not null)
                request.Headers.Remove("Proxy-Authorization");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            lock (_lock)
            {
                _disposed = true;
                Retire(_current);
                _current = null;
            }
        base.Dispose(disposing);
    }

    private Pool Rent(bool needsTls)
    {
        var material = needsTls ? _materials.Current() : null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // A plain request does not care for TLS material and rides on whatever pool there is.
            if (_current is null || (material is not null && !ReferenceEquals(_current.Material, material)))
            {
                Retire(_current);
                _current = new Pool(NewInvoker(material), material);
            }
            _current.InUse++;
            return _current;
        }
    }

    private void Return(Pool pool)
    {
        lock (_lock)
            if (--pool.InUse == 0 && pool.Retired)
                pool.Invoker.Dispose();
    }

    private static void Retire(Pool? pool)
    {
        if (pool is null)
            return;
        pool.Retired = true;
        if (pool.InUse == 0)
            pool.Invoker.Dispose();
    }

    private HttpMessageInvoker NewInvoker(TlsMaterial? material)
    {
        var connector = new Connector(_tls, material, _proxies, _http2, _context);
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = connector.ConnectAsync,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = Http2ReadIdleTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            UseCookies = false,
            UseProxy = _proxies.HasPlainProxy,
            Proxy = _proxies.HasPlainProxy ? new PlainProxy(_proxies) : null,
        };
        if (_headerEncoding is { } encoding)
            handler.RequestHeaderEncodingSelector = (_, _) => encoding;
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>The pools of one generation of TLS material; counted under the transport's lock.</summary>
    private sealed class Pool(HttpMessageInvoker invoker, TlsMaterial? material)
    {
        public HttpMessageInvoker Invoker { get; } = invoker;
        public TlsMaterial? Material { get; } = material;
        public int InUse { get; set; }
        public bool Retired { get; set; }
    }
}
