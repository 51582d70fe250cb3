namespace ActorMon.Http.Tls;

/// <summary>Words for failed handshakes.</summary>
internal static class TlsErrors
{
    public static string Describe(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpTransportException known)
                return known.Message;
            if (Alert(cause.Message) is { } alert)
                return alert;
        }
        return e is IOException ? "EOF" : $"tls: handshake failure: {(e.InnerException ?? e).Message}";
    }

    /// <summary>The platform's TLS library reports what went wrong in words only.</summary>
    private static string? Alert(string message)
    {
        if (Has("wrong version number") || Has("Cannot determine the frame size") || Has("packet length too long") || Has("http request"))
            return "http: server gave HTTP response to HTTPS client";
        if (Has("certificate required"))
            return "remote error: tls: certificate required";
        if (Has("bad certificate"))
            return "remote error: tls: bad certificate";
        if (Has("unknown ca"))
            return "remote error: tls: unknown certificate authority";
        if (Has("alert protocol version"))
            return "remote error: tls: protocol version not supported";
        if (Has("unsupported protocol") || Has("no protocols available"))
            return "tls: server selected unsupported protocol version";
        if (Has("alert handshake failure") || Has("handshake failure"))
            return "remote error: tls: handshake failure";
        return Has("unrecognized name") ? "remote error: tls: unrecognized name" : null;

        bool Has(string text) => message.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
