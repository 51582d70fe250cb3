using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using ActorMon.Http.Options;
using ActorMon.Testing.Http;

namespace ActorMon.Http.Tests;

public sealed class ProxyTests
{
    private static readonly TestAuthority Authority = TestAuthority.Root();

    private static LoopbackServer SecureServer() => LoopbackServer.Http(_ => HttpReply.Ok("secure"), new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])));

    private static HttpClientOptions Through(string proxy, string noProxy = "", Dictionary<string, IReadOnlyList<string>>? headers = null) => new()
    {
        Tls = new TlsOptions { Ca = new SecretSource(Authority.Pem) },
        Proxy = new ProxyOptions { Url = new Uri(proxy), NoProxy = noProxy, ConnectHeaders = headers ?? [] },
    };

    [Fact]
    public async Task A_plain_request_goes_to_the_proxy_in_absolute_form_with_the_proxy_s_credentials()
    {
        await using var proxy = LoopbackServer.Http(_ => HttpReply.Ok("proxied"));
        using var client = new TestClient(Through($"http://joe:se%20cret@127.0.0.1:{proxy.Port}"));
        Assert.Equal("proxied", await client.GetAsync(new Uri("http://target.invalid:9100/metrics?a=b")));
        var request = Assert.Single(proxy.Requests);
        Assert.Equal(
            ("http://target.invalid:9100/metrics?a=b", "target.invalid:9100", "Basic " + Convert.ToBase64String("joe:se cret"u8)),
            (request.Target, request.Header("Host"), request.Header("Proxy-Authorization")));
    }

    [Fact]
    public async Task A_proxy_may_itself_be_reached_over_TLS()
    {
        await using var proxy = LoopbackServer.Http(_ => HttpReply.Ok("proxied"), new LoopbackTls(Authority.Issue("proxy", ["127.0.0.1"])));
        using var client = new TestClient(Through(proxy.Url().AbsoluteUri));
        Assert.Equal("proxied", await client.GetAsync(new Uri("http://target.invalid/metrics")));
    }

    [Fact]
    public async Task An_https_request_is_tunnelled_with_the_configured_CONNECT_headers()
    {
        await using var server = SecureServer();
        var connects = new ConcurrentQueue<string>();
        await using var proxy = ConnectProxy(connects);
        var headers = new Dictionary<string, IReadOnlyList<string>> { ["X-Token"] = ["one", "two"] };
        using var client = new TestClient(Through($"http://joe:pw@127.0.0.1:{proxy.Port}", headers: headers));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
        var authority = $"127.0.0.1:{server.Port}";
        Assert.Equal(
            $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nX-Token: one\r\nX-Token: two\r\nProxy-Authorization: Basic {Convert.ToBase64String("joe:pw"u8)}\r\n\r\n",
            Assert.Single(connects));
        Assert.Null(Assert.Single(server.Requests).Header("X-Token"));
    }

    [Fact]
    public async Task A_proxy_s_refusal_to_tunnel_is_told_in_its_words()
    {
        await using var proxy = LoopbackServer.Http(_ => HttpReply.Of(407, "Proxy Authentication Required"));
        using var client = new TestClient(Through(proxy.Url().AbsoluteUri));
        var uri = new Uri("https://target.invalid/");
        Assert.Equal($"Get \"{uri}\": Proxy Authentication Required", await client.FailureAsync(uri));
    }

    [Theory]
    [InlineData("garbage that is not HTTP\r\n\r\n", "malformed HTTP response \"garbage that is not HTTP\"")]
    [InlineData("", "EOF")]
    [InlineData("HTTP/1.1 200 OK\r\n", "unexpected EOF")]
    public async Task A_proxy_that_answers_CONNECT_with_garbage_is_an_error(string answer, string text)
    {
        await using var proxy = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        });
        using var client = new TestClient(Through(proxy.Url().AbsoluteUri));
        Assert.EndsWith(text, await client.FailureAsync(new Uri("https://target.invalid/")));
    }

    [Fact]
    public async Task A_proxy_s_endless_answer_to_CONNECT_is_cut_off()
    {
        await using var proxy = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nX: "u8.ToArray(), cancellationToken);
            for (var filler = Encoding.ASCII.GetBytes(new string('x', 1024)); ;)
                await stream.WriteAsync(filler, cancellationToken);
        });
        using var client = new TestClient(Through(proxy.Url().AbsoluteUri));
        Assert.Contains("header of more than 16384 bytes", await client.FailureAsync(new Uri("https://target.invalid/")));
    }

    [Fact]
    public async Task A_proxy_that_is_down_is_named_with_its_address()
    {
        var port = await ClosedPortAsync();
        using var client = new TestClient(Through($"http://127.0.0.1:{port}"));
        var uri = new Uri("http://target.invalid/metrics");
        Assert.Equal($"Get \"{uri}\": proxyconnect tcp: dial tcp 127.0.0.1:{port}: connect: connection refused", await client.FailureAsync(uri));
    }

    [Fact]
    public async Task Hosts_of_no_proxy_are_reached_directly()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok("direct"));
        await using var proxy = LoopbackServer.Http(_ => HttpReply.Ok("proxied"));
        using var always = new TestClient(Through(proxy.Url().AbsoluteUri));
        using var sometimes = new TestClient(Through(proxy.Url().AbsoluteUri, noProxy: "other.example"));
        Assert.Equal("proxied", await always.GetAsync(server.Url()));
        Assert.Equal("direct", await sometimes.GetAsync(server.Url()));
        Assert.Equal("proxied", await sometimes.GetAsync(new Uri("http://target.invalid/")));
    }

    [Fact]
    public async Task The_environment_names_proxies_by_scheme()
    {
        await using var server = SecureServer();
        var connects = new ConcurrentQueue<string>();
        await using var plain = LoopbackServer.Http(_ => HttpReply.Ok("plain proxy"));
        await using var tunnel = ConnectProxy(connects);
        var variables = new Dictionary<string, string>
        {
            ["HTTP_PROXY"] = $"127.0.0.1:{plain.Port}",
            ["https_proxy"] = $"http://127.0.0.1:{tunnel.Port}",
            ["NO_PROXY"] = ".direct.invalid",
        };
        var options = new HttpClientOptions { Proxy = new ProxyOptions { FromEnvironment = true } };
        using var client = new TestClient(options, new HttpClientContext { Environment = variables.GetValueOrDefault });
        Assert.Equal("plain proxy", await client.GetAsync(new Uri("http://target.invalid/")));
        Assert.Contains("dial tcp: lookup a.direct.invalid", await client.FailureAsync(new Uri("http://a.direct.invalid/")));
        // The tunnel proxy of this test knows loopback addresses only, which the environment's rules exclude; a name shows that it was asked.
        await client.FailureAsync(new Uri("https://target.invalid/"));
        Assert.StartsWith("CONNECT target.invalid:443 ", Assert.Single(connects));
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", false)]
    [InlineData("http", true)]
    public async Task A_SOCKS5_proxy_carries_plain_and_secure_requests(string scheme, bool authenticated)
    {
        await using var server = scheme == "https" ? SecureServer() : LoopbackServer.Http(_ => HttpReply.Ok("secure"));
        var asked = new ConcurrentQueue<string>();
        await using var proxy = SocksProxy(asked, authenticated);
        using var client = new TestClient(Through($"socks5://{(authenticated ? "joe:pw@" : "")}127.0.0.1:{proxy.Port}"));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
        Assert.Equal([$"{(authenticated ? "joe:pw " : "")}127.0.0.1:{server.Port}"], asked);
    }

    [Fact]
    public async Task A_SOCKS5_proxy_resolves_names_and_its_refusal_is_told()
    {
        var asked = new ConcurrentQueue<string>();
        await using var proxy = SocksProxy(asked, authenticated: false);
        using var client = new TestClient(Through($"socks5://127.0.0.1:{proxy.Port}"));
        var uri = new Uri("http://target.invalid:9100/");
        Assert.Equal(
            $"Get \"{uri}\": socks connect tcp 127.0.0.1:{proxy.Port}->target.invalid:9100: unknown error host unreachable", await client.FailureAsync(uri));
        Assert.Equal(["target.invalid:9100"], asked);
    }

    [Fact]
    public void A_proxy_of_an_unknown_scheme_is_refused_when_the_client_is_made() =>
        Assert.Throws<ArgumentException>(() => HttpClients.Create(Through("ftp://127.0.0.1:1"), HttpClientContext.Default));

    private static async Task<int> ClosedPortAsync()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        return server.Port;
    }

    /// <summary>Tunnels to 127.0.0.1 only; other hosts get 502.</summary>
    private static LoopbackServer ConnectProxy(ConcurrentQueue<string> connects) => LoopbackServer.Raw(async (stream, _, cancellationToken) =>
    {
        var head = await HttpWire.ReadHeadAsync(stream, cancellationToken);
        connects.Enqueue(head!);
        var authority = head!.Split(' ')[1].Split(':');
        if (authority[0] != "127.0.0.1")
        {
            await stream.WriteAsync("HTTP/1.1 502 Bad Gateway\r\n\r\n"u8.ToArray(), cancellationToken);
            return;
        }
        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"u8.ToArray(), cancellationToken);
        await PipeAsync(stream, int.Parse(authority[1]), cancellationToken);
    });

    private static LoopbackServer SocksProxy(ConcurrentQueue<string> asked, bool authenticated) => LoopbackServer.Raw(async (stream, _, cancellationToken) =>
    {
        var credentials = "";
        var head = await ReadAsync(2);
        await ReadAsync(head[1]);
        await stream.WriteAsync(new byte[] { 5, (byte)(authenticated ? 2 : 0) }, cancellationToken);
        if (authenticated)
        {
            var user = Encoding.UTF8.GetString(await ReadAsync((await ReadAsync(2))[1]));
            credentials = $"{user}:{Encoding.UTF8.GetString(await ReadAsync((await ReadAsync(1))[0]))} ";
            await stream.WriteAsync(new byte[] { 1, 0 }, cancellationToken);
        }
        var request = await ReadAsync(4);
        var host = request[3] == 1
            ? new System.Net.IPAddress(await ReadAsync(4)).ToString()
            : Encoding.ASCII.GetString(await ReadAsync((await ReadAsync(1))[0]));
        var port = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        asked.Enqueue($"{credentials}{host}:{port}");
        var known = host == "127.0.0.1";
        await stream.WriteAsync(new byte[] { 5, (byte)(known ? 0 : 4), 0, 1, 0, 0, 0, 0, 0, 0 }, cancellationToken);
        if (known)
            await PipeAsync(stream, port, cancellationToken);

        async Task<byte[]> ReadAsync(int length)
        {
            var bytes = new byte[length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
    });

    private static async Task PipeAsync(Stream stream, int port, CancellationToken cancellationToken)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(System.Net.IPAddress.Loopback, port, cancellationToken);
        await using var target = upstream.GetStream();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var copies = new[] { stream.CopyToAsync(target, end.Token), target.CopyToAsync(stream, end.Token) };
        await Task.WhenAny(copies);
        await end.CancelAsync();
    }
}
