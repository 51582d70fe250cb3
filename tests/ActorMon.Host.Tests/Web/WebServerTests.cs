using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Host.Tests.Processes;

namespace ActorMon.Host.Tests.Web;

/// <summary>A node with a web configuration file, over real sockets.</summary>
[Collection(ProcessTests.Name)]
public sealed class WebServerTests : IAsyncLifetime
{
    private readonly HostNode _node = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task A_node_speaks_TLS_with_users_and_takes_a_renewed_certificate()
    {
        Certificate("first.example");
        Write("web.yml", $"tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\nbasic_auth_users:\n  ann: {BCrypt.Net.BCrypt.HashPassword("secret", 4)}\n");
        _node.Launch("--web.config.file=" + Path.Combine(_node.Folder, "web.yml"));
        await _node.UntilAsync("the node is ready over TLS", async () => await AskAsync("ann:secret") is var (status, _, _) && status == HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.OK, "CN=first.example", new Version(2, 0)), await AskAsync("ann:secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(null)).Status);
        Certificate("second.example");
        Assert.Equal("CN=second.example", (await AskAsync("ann:secret")).Subject);
        // Plain HTTP is no request on this port.
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _node.GetAsync("/-/healthy"));
        Assert.Equal(0, await _node.StopAsync());
    }

    [Fact]
    public async Task A_client_without_an_allowed_certificate_is_not_let_in()
    {
        Certificate("server.example");
        Write("ca.pem", _certificates.AuthorityPem);
        Write("web.yml", """
            tls_server_config:
              cert_file: server.pem
              key_file: server.key
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [friend.example]
              min_version: TLS13
            http_server_config:
              http2: false
            """);
        using var friend = _certificates.Client("friend.example");
        using var other = _certificates.Client("other.example");
        using var elsewhere = new TestCertificates();
        using var stranger = elsewhere.Client("friend.example");
        _node.Launch("--web.config.file=" + Path.Combine(_node.Folder, "web.yml"));
        await _node.UntilAsync("the node is ready for a friend", async () => (await AskAsync(null, friend)).Status == HttpStatusCode.OK);
        Assert.Equal(new Version(1, 1), (await AskAsync(null, friend)).Version);
        foreach (var refused in new[] { null, other, stranger })
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(null, refused));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(null, friend, SslProtocols.Tls12));
    }

    [Theory]
    [InlineData("tls_server_config:\n  cert_file: nope.pem\n  key_file: nope.key\n", "nope.pem")]
    [InlineData("tls_server_config:\n  cert_file: web.yml\n", "missing one of key or key_file")]
    [InlineData("basic_auth_users:\n  ann: plain\n", "hashedSecret too short")]
    [InlineData("http_server_config:\n  headers:\n    X-Mine: 1\n", "can not be configured")]
    public async Task A_wrong_file_stops_the_start(string text, string expected)
    {
        Write("web.yml", text);
        _node.Launch("--web.config.file=" + Path.Combine(_node.Folder, "web.yml"));
        Assert.Equal(2, await _node.ExitAsync());
        Assert.Contains("Unable to validate web configuration file", _node.Text, StringComparison.Ordinal);
        Assert.Contains(expected, _node.Text, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _certificates.Dispose();
    }

    private void Certificate(string name)
    {
        var (certificate, key) = _certificates.Sign(name);
        // The key first: the pair in between does not fit, and fails one connection, not the node.
        Write("server.key", key);
        Write("server.pem", certificate);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_node.Folder, name), text);

    /// <summary>One request over a connection of its own: status, subject of the server's certificate, HTTP version.</summary>
    private async Task<(HttpStatusCode Status, string Subject, Version Version)> AskAsync(string? credentials, X509Certificate2? client = null, SslProtocols protocols = SslProtocols.None)
    {
        var subject = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = protocols,
                ClientCertificates = client is null ? null : [client],
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _certificates.Authority } },
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    subject = certificate?.Subject ?? "";
                    return errors == SslPolicyErrors.None;
                },
            },
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{_node.Port}/-/ready") { Version = HttpVersion.Version20 };
        if (credentials is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(credentials)));
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, subject, answer.Version);
    }
}
