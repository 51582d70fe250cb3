using System.Net.Sockets;
using ActorMon.Http.Dialing;

namespace ActorMon.Http.Errors;

/// <summary>Words for failed requests as users of the peers know them (the lastError of a target, log lines).</summary>
public static class HttpErrors
{
    /// <summary>Of a request that got no answer: <c>Get "http://127.0.0.1:1/metrics": dial tcp 127.0.0.1:1: connect: connection refused</c>.</summary>
    /// <param name="uri">The URL asked for; a password in it is masked.</param>
    /// <param name="method">As the peers write it: Get, Post.</param>
    public static string Describe(Exception exception, Uri uri, string method = "Get") => $"{method} \"{Redact(uri)}\": {Cause(exception)}";

    /// <summary>Of an answer whose body broke off: <c>context deadline exceeded</c>, <c>unexpected EOF</c>.</summary>
    public static string DescribeBody(Exception exception)
    {
        var cause = Cause(exception);
        return cause == "EOF" ? "unexpected EOF" : cause;
    }

    /// <summary>The cause alone. Cancellation counts as the deadline: a caller that gave up for another reason has nobody to tell.</summary>
    public static string Cause(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpTransportException known:
                    return known.Message;
                case OperationCanceledException or TimeoutException:
                    return "context deadline exceeded";
                case SocketException socket:
                    return Socket(socket);
                case HttpIOException io:
                    if (Platform(io.HttpRequestError, io.Message) is { } text)
                        return text;
                    break;
                case HttpRequestException request:
                    // The inner exception, if any, knows better than the platform's general words.
                    if (request.InnerException is null && Platform(request.HttpRequestError, request.Message) is { } words)
                        return words;
                    break;
            }
        }
        return exception is HttpRequestException { InnerException: { } inner } ? inner.Message : exception.Message;
    }

    private static string? Platform(HttpRequestError error, string message) => error switch
    {
        HttpRequestError.ResponseEnded => "EOF",
        HttpRequestError.InvalidResponse => $"net/http: HTTP/1.x transport connection broken: malformed HTTP response: {message}",
        HttpRequestError.ConfigurationLimitExceeded => $"net/http: HTTP/1.x transport connection broken: {message}",
        _ => null,
    };

    private static string Socket(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable => $"connect: {SocketErrors.Describe(e)}",
        SocketError.Shutdown => $"write: {SocketErrors.Describe(e)}",
        _ => $"read: {SocketErrors.Describe(e)}",
    };

    private static string Redact(Uri uri)
    {
        if (uri.UserInfo.Length == 0)
            return uri.AbsoluteUri;
        var colon = uri.UserInfo.IndexOf(':');
        var user = colon < 0 ? uri.UserInfo : uri.UserInfo[..colon] + ":***";
        return $"{uri.Scheme}://{user}@{uri.GetComponents(UriComponents.HostAndPort, UriFormat.UriEscaped)}{uri.PathAndQuery}{uri.Fragment}";
    }
}
