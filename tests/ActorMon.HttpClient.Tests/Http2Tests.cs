using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Security;
using ActorMon.Http.Options;
using ActorMon.Testing.Http;

namespace ActorMon.Http.Tests;

public sealed class Http2Tests
{
    private static readonly TestAuthority Authority = TestAuthority.Root();

    [Fact]
    public async Task HTTP_2_is_spoken_where_the_server_agrees_to_it()
    {
        var protocols = new ConcurrentQueue<string>();
        await using var server = Http2Server(protocols);
        using var client = new TestClient(new HttpClientOptions { Tls = new TlsOptions { Ca = new SecretSource(Authority.Pem) } });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        using var response = await client.SendAsync(request);
        Assert.Equal((200, new Version(2, 0)), ((int)response.StatusCode, response.Version));
        Assert.Equal(["h2"], protocols);
    }

    [Fact]
    public async Task HTTP_2_is_not_offered_when_the_option_is_off()
    {
        var protocols = new ConcurrentQueue<string>();
        await using var server = Http2Server(protocols);
        var tls = new TlsOptions { Ca = new SecretSource(Authority.Pem) };
        using var client = new TestClient(new HttpClientOptions { Tls = tls, EnableHttp2 = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        using var response = await client.SendAsync(request);
        Assert.Equal((200, new Version(1, 1)), ((int)response.StatusCode, response.Version));
        Assert.Equal(["http/1.1"], protocols);
    }

    [Fact]
    public async Task Without_TLS_requests_are_HTTP_1_1()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient();
        await client.GetAsync(server.Url());
        Assert.Equal("HTTP/1.1", Assert.Single(server.Requests).Version);
    }

    [Fact]
    public async Task A_server_that_learns_HTTP_2_later_is_still_understood()
    {
        // The first connection agrees on 1.1 and closes; then the server would take HTTP/2.
        var protocols = new ConcurrentQueue<string>();
        var certificate = Authority.Issue("server", ["127.0.0.1"]);
        await using var server = LoopbackServer.Raw(
            async (stream, number, cancellationToken) =>
            {
                var tls = new LoopbackTls(certificate) { Alpn = number == 1 ? [SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] };
                await AnswerAsync(stream, tls, protocols, cancellationToken);
            },
            "https");
        using var client = new TestClient(new HttpClientOptions { Tls = new TlsOptions { Ca = new SecretSource(Authority.Pem) } });
        await client.GetAsync(server.Url());
        await client.GetAsync(server.Url());
        Assert.Equal(["http/1.1", "http/1.1"], protocols);
    }

    private static LoopbackServer Http2Server(ConcurrentQueue<string> protocols)
    {
        var tls = new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])) { Alpn = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] };
        return LoopbackServer.Raw((stream, _, cancellationToken) => AnswerAsync(stream, tls, protocols, cancellationToken), "https");
    }

    private static async Task AnswerAsync(Stream raw, LoopbackTls tls, ConcurrentQueue<string> protocols, CancellationToken cancellationToken)
    {
        var (stream, _, _) = await tls.AcceptAsync(raw, cancellationToken);
        await using (stream)
        {
            var protocol = ((SslStream)stream).NegotiatedApplicationProtocol;
            protocols.Enqueue(protocol.ToString());
            if (protocol == SslApplicationProtocol.Http2)
                await AnswerHttp2Async(stream, cancellationToken);
            else if (await HttpWire.ReadRequestAsync(stream, cancellationToken) is { } request)
                await HttpWire.WriteAsync(stream, request, HttpReply.Ok() with { CloseAfter = true }, cancellationToken);
        }
    }

    /// <summary>Answers every request with status 200 and no body (RFC 9113).</summary>
    private static async Task AnswerHttp2Async(Stream stream, CancellationToken cancellationToken)
    {
        const byte Headers = 1, Settings = 4, Ping = 6, Ack = 1, EndStreamAndHeaders = 5, IndexedStatus200 = 0x88;
        await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], cancellationToken);
        await WriteAsync(Settings, 0, 0, []);
        var head = new byte[9];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length)
        {
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, cancellationToken);
            var id = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
            if (head[3] == Settings && head[4] != Ack)
                await WriteAsync(Settings, Ack, 0, []);
            else if (head[3] == Ping && head[4] != Ack)
                await WriteAsync(Ping, Ack, 0, payload);
            else if (head[3] == Headers)
                await WriteAsync(Headers, EndStreamAndHeaders, id, [IndexedStatus200]);
        }

        async Task WriteAsync(byte type, byte flags, int id, byte[] payload)
        {
            var frame = new byte[9 + payload.Length];
            frame[2] = (byte)payload.Length;
            frame[3] = type;
            frame[4] = flags;
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
            payload.CopyTo(frame, 9);
            await stream.WriteAsync(frame, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }
}
