using ActorMon.Configuration.Schema;
using ActorMon.Http.Options;

namespace ActorMon.Configuration.Sections;

/// <summary>HTTP client options out of a checked section.</summary>
internal static class HttpClientBuilder
{
    public static HttpClientOptions Build(ConfigSection s) => new()
    {
        BasicAuth = s.Section("basic_auth") is { } basic ? new BasicAuthOptions(Source(basic, "username"), Source(basic, "password")) : null,
        Authorization = s.Section("authorization") is { } auth ? new AuthorizationOptions(auth.Text("type"), Source(auth, "credentials")) : null,
        OAuth2 = s.Section("oauth2") is { } oauth ? OAuth2(oauth) : null,
        Tls = Tls(s.Section("tls_config")),
        Proxy = Proxy(s),
        FollowRedirects = s.Bool("follow_redirects"),
        EnableHttp2 = s.Bool("enable_http2"),
        Headers = [.. s.SectionMap("http_headers").Select(h => new HttpHeaderOptions(h.Key, h.Value.List("values"), h.Value.List("secrets"), h.Value.List("files")))],
    };

    public static TlsOptions Tls(ConfigSection? s) => s is null ? TlsOptions.Default : new TlsOptions
    {
        Ca = Source(s, "ca"),
        Certificate = Source(s, "cert"),
        Key = Source(s, "key"),
        ServerName = s.Text("server_name"),
        InsecureSkipVerify = s.Bool("insecure_skip_verify"),
        MinVersion = Version(s.Text("min_version")),
        MaxVersion = Version(s.Text("max_version")),
    };

    public static SecretSource Source(ConfigSection s, string key) =>
        s.Has(key + "_file") ? new SecretSource(File: s.Text(key + "_file")) : s.Has(key) ? new SecretSource(s.Text(key)) : SecretSource.None;

    public static TlsVersion? Version(string name) => name switch
    {
        "TLS10" => TlsVersion.Tls10,
        "TLS11" => TlsVersion.Tls11,
        "TLS12" => TlsVersion.Tls12,
        "TLS13" => TlsVersion.Tls13,
        _ => null,
    };

    private static OAuth2Options OAuth2(ConfigSection s) => new()
    {
        ClientId = s.Text("client_id"),
        ClientSecret = Source(s, "client_secret"),
        GrantType = s.Has("grant_type") ? s.Text("grant_type") : "client_credentials",
        ClientCertificateKey = Source(s, "client_certificate_key"),
        ClientCertificateKeyId = s.Text("client_certificate_key_id"),
        SignatureAlgorithm = s.Has("signature_algorithm") ? s.Text("signature_algorithm") : "RS256",
        Issuer = s.Text("iss"),
        Audience = s.Text("audience"),
        Claims = s["claims"] as SortedDictionary<string, object?> ?? [],
        Scopes = s.List("scopes"),
        TokenUrl = s.Text("token_url"),
        EndpointParams = s.Map("endpoint_params"),
        Tls = Tls(s.Section("tls_config")),
        Proxy = Proxy(s),
    };

    private static ProxyOptions Proxy(ConfigSection s) => !s.Has("proxy_url") && !s.Bool("proxy_from_environment") ? ProxyOptions.None : new ProxyOptions
    {
        Url = s.Has("proxy_url") && Uri.TryCreate(s.Text("proxy_url"), UriKind.RelativeOrAbsolute, out var url) ? url : null,
        NoProxy = s.Text("no_proxy"),
        FromEnvironment = s.Bool("proxy_from_environment"),
        ConnectHeaders = s.ListMap("proxy_connect_header").ToDictionary(h => h.Key, h => (IReadOnlyList<string>)h.Value),
    };
}
