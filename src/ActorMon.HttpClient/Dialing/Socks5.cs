using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ActorMon.Http.Dialing;

/// <summary>SOCKS5 CONNECT (RFC 1928) with user name and password (RFC 1929). Names are resolved by the proxy.</summary>
internal static class Socks5
{
    private const byte Version = 5, NoAuthentication = 0, UserPassword = 2, Connect = 1, Ipv4 = 1, Domain = 3, Ipv6 = 4;

    private static readonly string[] Replies =
    [
        "succeeded", "general SOCKS server failure", "connection not allowed by ruleset", "network unreachable", "host unreachable", "connection refused",
        "TTL expired", "command not supported", "address type not supported",
    ];

    /// <summary>After this the stream leads to host:port. A failure closes the stream.</summary>
    /// <param name="route">Starts the text of an error.</param>
    public static async ValueTask ConnectAsync(
        Stream stream, string host, int port, string? user, string? password, string route, CancellationToken cancellationToken)
    {
        try
        {
            await AuthenticateAsync(stream, user, password, route, cancellationToken);
            await stream.WriteAsync(Request(host, port, route), cancellationToken);
            await ReadReplyAsync(stream, route, cancellationToken);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is IOException)
                throw Failure(route, "EOF", e);
            throw;
        }
    }

    private static async ValueTask AuthenticateAsync(Stream stream, string? user, string? password, string route, CancellationToken cancellationToken)
    {
        byte[] methods = user is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserPassword];
        await stream.WriteAsync(methods, cancellationToken);
        var answer = new byte[2];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] != Version)
            throw Failure(route, $"unexpected protocol version {answer[0]}");
        if (answer[1] == NoAuthentication)
            return;
        if (answer[1] != UserPassword || user is null)
            throw Failure(route, "no acceptable authentication methods");
        var name = Encoding.UTF8.GetBytes(user);
        var secret = Encoding.UTF8.GetBytes(password ?? "");
        if (name.Length is 0 or > 255 || secret.Length > 255)
            throw Failure(route, "invalid username/password");
        await stream.WriteAsync((byte[])[1, (byte)name.Length, .. name, (byte)secret.Length, .. secret], cancellationToken);
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[1] != 0)
            throw Failure(route, "username/password authentication failed");
    }

    private static byte[] Request(string host, int port, string route)
    {
        var request = new List<byte>(32) { Version, Connect, 0 };
        if (IPAddress.TryParse(host, out var address))
        {
            var bytes = address.GetAddressBytes();
            request.Add(bytes.Length == 4 ? Ipv4 : Ipv6);
            request.AddRange(bytes);
        }
        else
        {
            var name = Encoding.ASCII.GetBytes(host);
            if (name.Length > 255)
                throw Failure(route, "FQDN too long");
            request.Add(Domain);
            request.Add((byte)name.Length);
            request.AddRange(name);
        }
        Span<byte> portBytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(portBytes, (ushort)port);
        request.AddRange(portBytes);
        return [.. request];
    }

    private static async ValueTask ReadReplyAsync(Stream stream, string route, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, cancellationToken);
        if (head[0] != Version)
            throw Failure(route, $"unexpected protocol version {head[0]}");
        if (head[1] != 0)
            throw Failure(route, "unknown error " + (head[1] < Replies.Length ? Replies[head[1]] : $"code: {head[1]}"));
        var length = head[3] switch { Ipv4 => 4, Ipv6 => 16, Domain => -1, _ => throw Failure(route, $"unknown address type {head[3]}") };
        if (length < 0)
        {
            await stream.ReadExactlyAsync(head.AsMemory(0, 1), cancellationToken);
            length = head[0];
        }
        // The bound address and port are of no use to a client.
        await stream.ReadExactlyAsync(new byte[length + 2], cancellationToken);
    }

    private static HttpTransportException Failure(string route, string reason, Exception? inner = null) =>
        new($"{route}: {reason}", inner, HttpRequestError.ProxyTunnelError);
}
