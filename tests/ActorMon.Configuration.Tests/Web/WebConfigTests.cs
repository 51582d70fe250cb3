using ActorMon.Configuration.Files;
using ActorMon.Configuration.Web;
using ActorMon.Http.Options;

namespace ActorMon.Configuration.Tests.Web;

public sealed class WebConfigTests
{
    private const string Hash = "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay";

    [Fact]
    public void An_empty_file_means_plain_http()
    {
        var config = Load("").Config!;
        Assert.Null(config.Tls);
        Assert.True(config.Http2);
        Assert.Empty(config.Users);
    }

    [Fact]
    public void Everything_reads()
    {
        var config = Load($"""
            tls_server_config:
              cert_file: c.pem
              key_file: /abs/k.pem
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [a, b]
              min_version: TLS13
              cipher_suites: [TLS_AES_128_GCM_SHA256]
              curve_preferences: [X25519]
            http_server_config:
              http2: false
              headers: {"{"}X-Frame-Options: deny{"}"}
            basic_auth_users: {"{"}alice: {Hash}{"}"}
            rate_limit: {"{"}interval: 100ms, burst: 7{"}"}
            """).Config!;
        Assert.Equal(("/etc/c.pem", "/abs/k.pem", "/etc/ca.pem"), (config.Tls!.Certificate.File, config.Tls.Key.File, config.Tls.ClientCa.File));
        Assert.Equal((ClientAuthType.RequireAndVerifyClientCert, TlsVersion.Tls13, TlsVersion.Tls13), (config.Tls.ClientAuth, config.Tls.MinVersion, config.Tls.MaxVersion));
        Assert.Equal(Hash, config.Users["alice"]);
        Assert.Equal((TimeSpan.FromMilliseconds(100), 7, false), (config.RateInterval, config.RateBurst, config.Http2));
        Assert.Equal("deny", config.Headers["X-Frame-Options"]);
    }

    [Theory]
    [InlineData("tls_server_config: {cert_file: a}", "missing one of key or key_file")]
    [InlineData("tls_server_config: {key_file: a}", "missing one of cert or cert_file")]
    [InlineData("tls_server_config: {cert_file: a, key_file: b, client_auth_type: X}", "invalid ClientAuth: X")]
    [InlineData("tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}", "client CA's have been configured without a Client Auth Policy")]
    [InlineData("tls_server_config: {cipher_suites: [X]}", "unknown cipher: X")]
    [InlineData("tls_server_config: {curve_preferences: [X]}", "unknown curve: X")]
    [InlineData("tls_server_config: {min_version: TLS14}", "unknown TLS version: TLS14")]
    [InlineData("http_server_config: {headers: {X-Other: a}}", "HTTP header \"X-Other\" can not be configured")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: allow}}", "invalid value for X-Frame-Options. Expected one of: [\"deny\" \"sameorigin\"], but got: \"allow\"")]
    [InlineData("basic_auth_users: {a: plain}", "hashedSecret too short to be a bcrypted password")]
    [InlineData("basic_auth_users: {a: $2b$99$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay}", "cost 99 is outside allowed range")]
    [InlineData("rate_limit: {interval: soon}", "cannot unmarshal !!str `soon` into time.Duration")]
    [InlineData("unknown: 1", "field unknown not found in type web.Config")]
    [InlineData("a: [", "yaml:")]
    public void Bad_files_are_refused(string text, string problem) =>
        Assert.Contains(Load(text).Errors, e => e.Text.Contains(problem, StringComparison.Ordinal));

    private static WebConfigResult Load(string text)
    {
        var files = new MemoryConfigFiles();
        files.Write("/etc/web.yml", text);
        return WebConfigLoader.Load("/etc/web.yml", files);
    }
}
