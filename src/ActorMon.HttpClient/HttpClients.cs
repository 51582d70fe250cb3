using System.Net;
using System.Text;
using ActorMon.Http.Credentials;
using ActorMon.Http.Options;
using ActorMon.Http.Redirects;
using ActorMon.Http.Signing;

namespace ActorMon.Http;

/// <summary>
/// Makes the HTTP client of one scrape pool, discovery mechanism, remote endpoint or receiver (prometheus/common NewClientFromConfig).
/// </summary>
/// <remarks>
/// The client keeps connections alive (idle for 5 minutes), neither decompresses nor keeps cookies, starts no activities and has no time limit of its own:
/// the caller's token is the only deadline. Files are read at use, so making a client never fails because of a missing file; the requests do, each with the
/// reason. Failures are <see cref="HttpRequestException"/>s (cancellation: <see cref="OperationCanceledException"/>);
/// <see cref="Errors.HttpErrors.Describe"/> words them. A request comes back as it was given: headers that the client adds are taken off again after the
/// answer's headers have come, so one request object may be sent many times, one send at a time.
/// </remarks>
public static class HttpClients
{
    /// <summary>The client. Dispose it to close its idle connections; answers still being read are not cut.</summary>
    public static HttpMessageInvoker Create(HttpClientOptions options, HttpClientContext context)
    {
        HttpMessageHandler chain = new Transport(options.Tls, options.Proxy, options.EnableHttp2, HeaderEncoding(options), context);
        if (options.BasicAuth is not null || options.Authorization is not null || options.OAuth2 is not null || options.Headers.Count > 0)
            chain = new CredentialsHandler(options, context, chain);
        else
            chain = new UrlCredentialsHandler(chain);
        if (options.SigV4 is { } signing)
            chain = new SigV4Handler(signing, context, chain);
        if (options.FollowRedirects)
            chain = new RedirectHandler(chain);
        return new HttpMessageInvoker(chain, disposeHandler: true);
    }

    /// <summary>Configured header values may hold any UTF-8; the default of the platform refuses all but ASCII.</summary>
    private static Encoding? HeaderEncoding(HttpClientOptions options) =>
        options.Headers.Count > 0 || options.Authorization is not null ? Encoding.UTF8 : null;
}
