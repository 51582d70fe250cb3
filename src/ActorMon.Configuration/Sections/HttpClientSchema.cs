using ActorMon.Configuration.Schema;

namespace ActorMon.Configuration.Sections;

/// <summary>The HTTP client keys, written inline in scrape, alertmanager, remote and most discovery sections (prometheus/common HTTPClientConfig).</summary>
internal static class HttpClientSchema
{
    private static readonly string[] TlsVersions = ["TLS10", "TLS11", "TLS12", "TLS13"];

    public static readonly SectionSchema Tls = new("config.plain",
        Key.Text("ca"), Key.Text("cert"), Key.Secret("key"), Key.Path("ca_file"), Key.Path("cert_file"), Key.Path("key_file"),
        Key.Text("ca_ref"), Key.Text("cert_ref"), Key.Text("key_ref"), Key.Text("server_name"), Key.Bool("insecure_skip_verify", always: true),
        TlsVersion("min_version"), TlsVersion("max_version"))
    {
        Check = HttpClientChecks.Tls,
    };

    public static readonly SectionSchema BasicAuth = new("config.plain",
        Key.Text("username"), Key.Path("username_file"), Key.Text("username_ref"), Key.Secret("password"), Key.Path("password_file"), Key.Text("password_ref"))
    {
        PrintEmpty = true,
    };

    public static readonly SectionSchema Authorization = new("config.Authorization",
        Key.Text("type"), Key.Secret("credentials"), Key.Path("credentials_file"), Key.Text("credentials_ref"))
    {
        PrintEmpty = true,
    };

    public static readonly KeySpec[] Proxy =
    [
        Key.Url("proxy_url"), Key.Text("no_proxy"), Key.Bool("proxy_from_environment"),
        new("proxy_connect_header", KeyKind.SecretListMap) { TypeName = "config.ProxyHeader" },
    ];

    public static readonly SectionSchema OAuth2 = new("config.plain",
    [
        Key.Text("client_id"), Key.Secret("client_secret"), Key.Path("client_secret_file"), Key.Text("client_secret_ref"),
        Key.Text("client_certificate_key_id"), Key.Secret("client_certificate_key"), Key.Path("client_certificate_key_file"), Key.Text("client_certificate_key_ref"),
        Key.Text("grant_type"), Key.Text("signature_algorithm"), Key.Text("iss"), Key.Text("audience"), new KeySpec("claims", KeyKind.Any),
        Key.TextList("scopes"), Key.Text("token_url"), Key.TextMap("endpoint_params"), Key.Section("tls_config", Tls), .. Proxy,
    ])
    {
        Check = HttpClientChecks.OAuth2,
        PrintEmpty = true,
    };

    public static readonly SectionSchema Header = new("config.Header",
        Key.TextList("values"), new KeySpec("secrets", KeyKind.SecretList) { TypeName = "[]config.Secret" }, Key.PathList("files"));

    /// <summary>The keys with http2 on, as everywhere but in remote_write.</summary>
    public static readonly KeySpec[] Keys = KeysWith(http2: true);

    public static KeySpec[] KeysWith(bool http2) =>
    [
        Key.Section("basic_auth", BasicAuth), Key.Section("authorization", Authorization), Key.Section("oauth2", OAuth2),
        Key.Secret("bearer_token"), Key.Path("bearer_token_file"), Key.Section("tls_config", Tls),
        Key.Bool("follow_redirects", true, always: true), Key.Bool("enable_http2", http2, always: true), .. Proxy,
        new("http_headers", KeyKind.SectionMap) { Schema = Header },
    ];

    /// <summary>True when no HTTP client key changes anything.</summary>
    public static bool IsDefault(ConfigSection section)
    {
        foreach (var key in Keys)
            if (!ConfigSection.IsZeroValue(key.Kind, section[key.Name]) && !Equals(section[key.Name], key.Default))
                return false;
        return section.Bool("follow_redirects") && section.Bool("enable_http2")
            && section.Section("basic_auth") is null && section.Section("authorization") is null && section.Section("oauth2") is null;
    }

    private static KeySpec TlsVersion(string name) => new(name, KeyKind.Text)
    {
        Default = "",
        Check = version => Array.IndexOf(TlsVersions, version) < 0 ? $"unknown TLS version: {version}" : null,
    };
}
