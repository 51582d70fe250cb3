using System.Security.Authentication;
using ActorMon.Http.Options;
using ActorMon.Testing.Http;
using ActorMon.Testing.IO;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Http.Tests;

public sealed class TlsTests
{
    private static readonly TestAuthority Authority = TestAuthority.Root();

    private static HttpClientOptions Options(TlsOptions tls) => new() { Tls = tls };

    private static SecretSource Inline(string text) => new(text);

    private static SecretSource InFile(string path) => new(File: path);

    private static LoopbackServer Server(params string[] names) =>
        LoopbackServer.Http(_ => HttpReply.Ok("secure"), new LoopbackTls(Authority.Issue("server", names)));

    [Fact]
    public async Task A_server_whose_authority_is_given_inline_is_trusted()
    {
        await using var server = Server("127.0.0.1");
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem) }));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
    }

    [Fact]
    public async Task A_server_whose_authority_is_in_a_file_is_trusted()
    {
        using var folder = new TempFolder();
        await using var server = Server("localhost");
        using var client = new TestClient(Options(new TlsOptions { Ca = InFile(folder.Write("ca.pem", Authority.Pem)) }));
        Assert.Equal("secure", await client.GetAsync(server.LocalhostUrl()));
        Assert.Equal("localhost", Assert.Single(server.Requests).ServerName);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        await using var server = Server("127.0.0.1");
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(TestAuthority.Root("Other").Pem) }));
        Assert.Equal(
            $"Get \"{server.Url()}\": tls: failed to verify certificate: x509: certificate signed by unknown authority", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task A_server_of_no_authority_the_machine_knows_is_refused()
    {
        await using var server = Server("127.0.0.1");
        using var client = new TestClient();
        Assert.EndsWith("x509: certificate signed by unknown authority", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_with_the_names_it_has()
    {
        await using var server = Server("a.example", "b.example");
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem) }));
        Assert.EndsWith("x509: certificate is valid for a.example, b.example, not localhost", await client.FailureAsync(server.LocalhostUrl()));
        Assert.EndsWith(
            "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task The_common_name_does_not_count_as_a_name()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok(), new LoopbackTls(Authority.Issue("localhost")));
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem) }));
        Assert.EndsWith("x509: certificate relies on legacy Common Name field, use SANs instead", await client.FailureAsync(server.LocalhostUrl()));
    }

    [Fact]
    public async Task The_server_name_option_is_both_asked_for_and_verified()
    {
        await using var server = Server("a.example");
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem), ServerName = "a.example" }));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
        Assert.Equal("a.example", Assert.Single(server.Requests).ServerName);
    }

    [Fact]
    public async Task Insecure_skip_verify_trusts_any_server()
    {
        await using var server = Server("elsewhere.example");
        using var client = new TestClient(Options(new TlsOptions { InsecureSkipVerify = true }));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_the_given_clock()
    {
        await using var server = Server("127.0.0.1");
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(29.5));
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem) }), new HttpClientContext { Time = clock });
        Assert.Contains("x509: certificate has expired or is not yet valid: current time ", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task An_intermediate_authority_in_the_file_is_an_anchor_like_a_root()
    {
        var intermediate = Authority.Intermediate("Test Intermediate");
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok("secure"), new LoopbackTls(intermediate.Issue("server", ["127.0.0.1"])));
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(intermediate.Pem) }));
        Assert.Equal("secure", await client.GetAsync(server.Url()));
    }

    [Fact]
    public async Task Versions_outside_the_configured_range_are_not_agreed_on()
    {
        var tls = new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])) { Protocols = SslProtocols.Tls12 };
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok(), tls);
        using var modern = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem), MinVersion = TlsVersion.Tls13 }));
        using var old = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem), MaxVersion = TlsVersion.Tls12 }));
        Assert.Contains("tls: ", await modern.FailureAsync(server.Url()));
        await old.GetAsync(server.Url());
    }

    [Fact]
    public void A_maximum_version_below_the_minimum_is_refused()
    {
        var options = Options(new TlsOptions { MinVersion = TlsVersion.Tls13, MaxVersion = TlsVersion.Tls12 });
        using var client = new TestClient();
        Assert.Throws<ArgumentException>(() => Tls.TlsVersions.Between(options.Tls.MinVersion, options.Tls.MaxVersion));
    }

    [Fact]
    public async Task A_server_that_asks_for_a_client_certificate_gets_the_configured_one()
    {
        var mine = Authority.Issue("client");
        var tls = new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])) { ClientAuthority = Authority.Certificate };
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok("known"), tls);
        using var client = new TestClient(Options(new TlsOptions
        {
            Ca = Inline(Authority.Pem),
            Certificate = Inline(mine.ExportCertificatePem()),
            Key = Inline(TestAuthority.KeyPem(mine)),
        }));
        Assert.Equal("known", await client.GetAsync(server.Url()));
        Assert.Equal(mine.Thumbprint, Assert.Single(server.Requests).ClientCertificate?.Thumbprint);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_client_certificate_refuses_who_has_none()
    {
        var tls = new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])) { ClientAuthority = Authority.Certificate, Protocols = SslProtocols.Tls12 };
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok(), tls);
        using var client = new TestClient(Options(new TlsOptions { Ca = Inline(Authority.Pem) }));
        await client.FailureAsync(server.Url());
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_rotated_client_certificate_is_used_by_the_next_request_on_a_new_connection()
    {
        using var folder = new TempFolder();
        var tls = new LoopbackTls(Authority.Issue("server", ["127.0.0.1"])) { ClientAuthority = Authority.Certificate };
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok(), tls);
        var (first, second) = (Authority.Issue("first"), Authority.Issue("second"));
        Write(first);
        using var client = new TestClient(Options(new TlsOptions
        {
            Ca = InFile(folder.Write("ca.pem", Authority.Pem)),
            Certificate = InFile(folder.File("cert.pem")),
            Key = InFile(folder.File("key.pem")),
        }));
        await client.GetAsync(server.Url());
        await client.GetAsync(server.Url());
        Write(second);
        await client.GetAsync(server.Url());

        Assert.Equal([first.Thumbprint, first.Thumbprint, second.Thumbprint], server.Requests.Select(request => request.ClientCertificate!.Thumbprint));
        Assert.Equal([1, 1, 2], server.Requests.Select(request => request.Connection));

        void Write(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
        {
            folder.Write("cert.pem", certificate.ExportCertificatePem());
            folder.Write("key.pem", TestAuthority.KeyPem(certificate));
        }
    }

    [Fact]
    public async Task A_rotated_authority_file_is_seen_through_a_link_to_it()
    {
        using var folder = new TempFolder();
        await using var server = Server("127.0.0.1");
        folder.Write("old.pem", TestAuthority.Root("Old").Pem);
        folder.Write("new.pem", Authority.Pem);
        File.CreateSymbolicLink(folder.File("ca.pem"), folder.File("old.pem"));
        using var client = new TestClient(Options(new TlsOptions { Ca = InFile(folder.File("ca.pem")) }));
        Assert.EndsWith("certificate signed by unknown authority", await client.FailureAsync(server.Url()));
        File.CreateSymbolicLink(folder.File("ca.next"), folder.File("new.pem"));
        File.Move(folder.File("ca.next"), folder.File("ca.pem"), overwrite: true);
        Assert.Equal("secure", await client.GetAsync(server.Url()));
    }

    [Fact]
    public async Task Rotation_under_load_fails_no_request()
    {
        using var folder = new TempFolder();
        await using var server = Server("127.0.0.1");
        folder.Write("ca.pem", Authority.Pem);
        using var client = new TestClient(Options(new TlsOptions { Ca = InFile(folder.File("ca.pem")) }));
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await client.GetAsync(server.Url());
        })).ToList();
        for (var i = 0; i < 10; i++)
        {
            folder.Replace("ca.pem", $"{Authority.Pem}\n# rotation {i}\n");
            await client.GetAsync(server.Url());
        }
        await Task.WhenAll(workers);
        Assert.Equal(170, server.Requests.Count);
        Assert.True(server.Accepted > 10, $"{server.Accepted} connections for ten rotations");
    }

    [Fact]
    public async Task Missing_and_senseless_files_fail_requests_with_their_names_until_they_are_right()
    {
        using var folder = new TempFolder();
        await using var server = Server("127.0.0.1");
        var ca = folder.File("ca.pem");
        using var client = new TestClient(Options(new TlsOptions { Ca = InFile(ca) }));
        Assert.Equal(
            $"Get \"{server.Url()}\": unable to read CA cert: unable to read file {ca}: open {ca}: no such file or directory",
            await client.FailureAsync(server.Url()));
        folder.Write("ca.pem", "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n");
        Assert.EndsWith($"unable to use specified CA cert file {ca}", await client.FailureAsync(server.Url()));
        folder.Write("ca.pem", Authority.Pem);
        Assert.Equal("secure", await client.GetAsync(server.Url()));
    }

    [Fact]
    public async Task A_key_that_belongs_to_another_certificate_is_refused()
    {
        await using var server = Server("127.0.0.1");
        using var client = new TestClient(Options(new TlsOptions
        {
            Certificate = Inline(Authority.Issue("one").ExportCertificatePem()),
            Key = Inline(TestAuthority.KeyPem(Authority.Issue("two"))),
        }));
        Assert.Contains("unable to use specified client cert (inline) & key (inline): ", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task A_plain_server_behind_an_https_URL_is_named_as_such()
    {
        await using var server = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await stream.ReadExactlyAsync(new byte[1], cancellationToken);
            await stream.WriteAsync("HTTP/1.0 400 Bad Request\r\n\r\nClient sent garbage."u8.ToArray(), cancellationToken);
            // Until the client goes: closing at once could reset the connection before it has read the answer.
            while (await stream.ReadAsync(new byte[1024], cancellationToken) > 0) { }
        });
        using var client = new TestClient();
        var uri = new UriBuilder(server.Url()) { Scheme = "https" }.Uri;
        Assert.Equal($"Get \"{uri}\": http: server gave HTTP response to HTTPS client", await client.FailureAsync(uri));
    }
}
