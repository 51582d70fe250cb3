namespace ActorMon.Http.Options;

/// <summary>
/// The HTTP client options every peer component shares (prometheus/common HTTPClientConfig), resolved: file paths absolute, deprecated keys mapped
/// (bearer_token -> authorization). At most one of basic auth, authorization and OAuth2 is set.
/// </summary>
public sealed record HttpClientOptions
{
    public static readonly HttpClientOptions Default = new();

    public BasicAuthOptions? BasicAuth { get; init; }
    public AuthorizationOptions? Authorization { get; init; }
    public OAuth2Options? OAuth2 { get; init; }

    /// <summary>In place of the three above, where a section has it.</summary>
    public SigV4Options? SigV4 { get; init; }
    public TlsOptions Tls { get; init; } = TlsOptions.Default;
    public ProxyOptions Proxy { get; init; } = ProxyOptions.None;
    public bool FollowRedirects { get; init; } = true;
    public bool EnableHttp2 { get; init; } = true;
    public IReadOnlyList<HttpHeaderOptions> Headers { get; init; } = [];
}

/// <summary>A secret given inline or read from a file, again at every use, so that a rotated file needs no reload. Both null: no secret.</summary>
public sealed record SecretSource(string? Inline = null, string? File = null)
{
    public static readonly SecretSource None = new();

    public bool IsSet => Inline is not null || File is not null;

    /// <summary>Never the secret itself.</summary>
    public override string ToString() => File is not null ? $"file {File}" : Inline is not null ? "<secret>" : "";
}

public sealed record BasicAuthOptions(SecretSource Username, SecretSource Password);

/// <summary>Authorization header: type (default Bearer, never basic) and credentials.</summary>
public sealed record AuthorizationOptions(string Type, SecretSource Credentials);

public sealed record OAuth2Options
{
    public required string ClientId { get; init; }
    public SecretSource ClientSecret { get; init; } = SecretSource.None;

    /// <summary>client_credentials or urn:ietf:params:oauth:grant-type:jwt-bearer.</summary>
    public string GrantType { get; init; } = "client_credentials";
    public SecretSource ClientCertificateKey { get; init; } = SecretSource.None;
    public string ClientCertificateKeyId { get; init; } = "";

    /// <summary>RS256, RS384 or RS512.</summary>
    public string SignatureAlgorithm { get; init; } = "RS256";
    public string Issuer { get; init; } = "";
    public string Audience { get; init; } = "";
    public IReadOnlyDictionary<string, object?> Claims { get; init; } = new Dictionary<string, object?>();
    public IReadOnlyList<string> Scopes { get; init; } = [];
    public required string TokenUrl { get; init; }
    public IReadOnlyDictionary<string, string> EndpointParams { get; init; } = new Dictionary<string, string>();
    public TlsOptions Tls { get; init; } = TlsOptions.Default;
    public ProxyOptions Proxy { get; init; } = ProxyOptions.None;
}

public enum TlsVersion : byte
{
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

/// <summary>Client side TLS. CA, certificate and key are PEM, inline or by file; files are read again when they change.</summary>
public sealed record TlsOptions
{
    public static readonly TlsOptions Default = new();

    public SecretSource Ca { get; init; } = SecretSource.None;
    public SecretSource Certificate { get; init; } = SecretSource.None;
    public SecretSource Key { get; init; } = SecretSource.None;
    public string ServerName { get; init; } = "";
    public bool InsecureSkipVerify { get; init; }

    /// <summary>Null: 1.2.</summary>
    public TlsVersion? MinVersion { get; init; }
    public TlsVersion? MaxVersion { get; init; }
}

public sealed record ProxyOptions
{
    public static readonly ProxyOptions None = new();

    /// <summary>http, https or socks5 URL; null: no proxy unless <see cref="FromEnvironment"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>Comma separated hosts, domains (.x), IPs, CIDRs, each with an optional port, that go direct.</summary>
    public string NoProxy { get; init; } = "";
    public bool FromEnvironment { get; init; }

    /// <summary>Headers of the CONNECT request.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ConnectHeaders { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>One extra request header; values, secrets and the contents of files are all sent, in this order.</summary>
public sealed record HttpHeaderOptions(string Name, IReadOnlyList<string> Values, IReadOnlyList<string> Secrets, IReadOnlyList<string> Files);
