using System.Text;

namespace ActorMon.Http.Dialing;

/// <summary>Asks an HTTP proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6) with headers of our own.</summary>
internal static class ConnectTunnel
{
    private const int MaxAnswerBytes = 16 * 1024;

    /// <summary>After this the stream leads to the target. A failure closes the stream.</summary>
    /// <exception cref="HttpTransportException">The proxy refused (the text is its reason phrase) or did not answer in HTTP.</exception>
    public static async ValueTask OpenAsync(
        Stream stream, string authority, string? authorization, IReadOnlyDictionary<string, IReadOnlyList<string>> headers, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(Request(authority, authorization, headers), cancellationToken);
            var status = await ReadStatusAsync(stream, cancellationToken);
            if (status.Code != 200)
                throw new HttpTransportException(status.Reason, null, HttpRequestError.ProxyTunnelError);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is IOException)
                throw new HttpTransportException("unexpected EOF", e, HttpRequestError.ProxyTunnelError);
            throw;
        }
    }

    private static byte[] Request(string authority, string? authorization, IReadOnlyDictionary<string, IReadOnlyList<string>> headers)
    {
        var text = new StringBuilder($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        foreach (var (name, values) in headers)
        {
            // The proxy URL's own credentials win, as with the peers.
            if (authorization is not null && name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (var value in values)
                text.Append(HeaderText.Name(name)).Append(": ").Append(HeaderText.Value(name, value)).Append("\r\n");
        }
        if (authorization is not null)
            text.Append("Proxy-Authorization: ").Append(authorization).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>Reads byte by byte up to the empty line: what follows belongs to the tunnel.</summary>
    private static async ValueTask<(int Code, string Reason)> ReadStatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = new byte[MaxAnswerBytes];
        var length = 0;
        while (!EndsWithEmptyLine(answer.AsSpan(0, length)))
        {
            if (length == answer.Length)
                throw new HttpTransportException(
                    $"the proxy's answer to CONNECT has a header of more than {MaxAnswerBytes} bytes", null, HttpRequestError.ProxyTunnelError);
            if (await stream.ReadAsync(answer.AsMemory(length, 1), cancellationToken) == 0)
                throw new HttpTransportException(length == 0 ? "EOF" : "unexpected EOF", null, HttpRequestError.ProxyTunnelError);
            length++;
        }
        return Parse(Encoding.Latin1.GetString(answer, 0, answer.AsSpan(0, length).IndexOfAny((byte)'\r', (byte)'\n')));
    }

    private static bool EndsWithEmptyLine(ReadOnlySpan<byte> text) => text.EndsWith("\r\n\r\n"u8) || text.EndsWith("\n\n"u8);

    private static (int Code, string Reason) Parse(string line)
    {
        var parts = line.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || parts[1].Length != 3 || !int.TryParse(parts[1], out var code))
            throw new HttpTransportException($"malformed HTTP response \"{line}\"", null, HttpRequestError.ProxyTunnelError);
        return (code, parts.Length > 2 && parts[2].Length > 0 ? parts[2] : $"proxy answered {code}");
    }
}
