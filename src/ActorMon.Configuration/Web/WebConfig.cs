using ActorMon.Http.Options;

namespace ActorMon.Configuration.Web;

/// <summary>
/// The web configuration file (--web.config.file), shared with Alertmanager and Pushgateway: TLS, headers, users and a rate limit of the own HTTP server.
/// Certificates are read when they are used, users and headers at every request, so a changed file needs no restart.
/// </summary>
public sealed record WebConfig
{
    public static readonly WebConfig Default = new();

    /// <summary>Null: plain HTTP.</summary>
    public WebTlsOptions? Tls { get; init; }

    /// <summary>HTTP/2, which needs TLS.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Added to every response.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>User name to bcrypt hash; empty: no authentication.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>One request per this long, on average; zero: no limit.</summary>
    public TimeSpan RateInterval { get; init; }

    /// <summary>Requests that may come at once.</summary>
    public int RateBurst { get; init; }
}

public enum ClientAuthType : byte
{
    NoClientCert,
    RequestClientCert,
    RequireAnyClientCert,
    VerifyClientCertIfGiven,
    RequireAndVerifyClientCert,
}

/// <summary>Server side TLS; certificate, key and CA are PEM, inline or by absolute file path.</summary>
public sealed record WebTlsOptions
{
    public required SecretSource Certificate { get; init; }
    public required SecretSource Key { get; init; }
    public SecretSource ClientCa { get; init; } = SecretSource.None;
    public ClientAuthType ClientAuth { get; init; } = ClientAuthType.NoClientCert;

    /// <summary>Subject alternative names of which a client's certificate must have one; null: any.</summary>
    public IReadOnlyList<string>? ClientAllowedSans { get; init; }
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;
    public TlsVersion MaxVersion { get; init; } = TlsVersion.Tls13;

    /// <summary>IANA names; empty: the platform's choice. TLS 1.3 suites cannot be chosen.</summary>
    public IReadOnlyList<string> CipherSuites { get; init; } = [];
    public bool PreferServerCipherSuites { get; init; } = true;
    public IReadOnlyList<string> CurvePreferences { get; init; } = [];
}

/// <summary>A web configuration or what is wrong with it.</summary>
public sealed record WebConfigResult(WebConfig? Config, IReadOnlyList<Loading.ConfigError> Errors);
