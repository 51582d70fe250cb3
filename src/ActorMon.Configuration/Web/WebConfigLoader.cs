using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Yaml;
using ActorMon.Http.Options;

namespace ActorMon.Configuration.Web;

/// <summary>Loads the web configuration file, as strictly as the main one. An empty file means plain HTTP without users.</summary>
public static class WebConfigLoader
{
    public static WebConfigResult Load(string path, IConfigFiles files)
    {
        var context = new ReadContext(path, ConfigPaths.DirectoryOf(path), static _ => null);
        if (!files.TryRead(path, out var content, out var problem))
            return new WebConfigResult(null, [new ConfigError(path, 0, "", problem, ConfigErrorKind.File)]);
        var document = YamlDocument.Parse(content);
        if (document.Error is { } error)
            return new WebConfigResult(null, [new ConfigError(path, document.ErrorLine, "", error, ConfigErrorKind.File)]);
        var top = SectionReader.Read(WebConfigSchema.Top, document.Root, "", context);
        return context.Errors.Count > 0
            ? new WebConfigResult(null, [.. context.Errors.OrderBy(e => e.Line)])
            : new WebConfigResult(Build(top), []);
    }

    /// <summary>A client authentication type by its name; null: unknown. RequireClientCert is an old name of RequireAnyClientCert.</summary>
    internal static ClientAuthType? ClientAuth(string name) => name switch
    {
        "" or "NoClientCert" => ClientAuthType.NoClientCert,
        "RequestClientCert" => ClientAuthType.RequestClientCert,
        "RequireAnyClientCert" or "RequireClientCert" => ClientAuthType.RequireAnyClientCert,
        "VerifyClientCertIfGiven" => ClientAuthType.VerifyClientCertIfGiven,
        "RequireAndVerifyClientCert" => ClientAuthType.RequireAndVerifyClientCert,
        _ => null,
    };

    private static WebConfig Build(ConfigSection s)
    {
        var http = s.SectionOrDefault("http_server_config");
        var rate = s.SectionOrDefault("rate_limit");
        return new WebConfig
        {
            Tls = s.Section("tls_server_config") is { } tls && WebConfigSchema.IsTlsOn(tls) ? Tls(tls) : null,
            Http2 = http.Bool("http2"),
            Headers = http.Map("headers"),
            Users = s.Map("basic_auth_users"),
            RateInterval = rate.Duration("interval"),
            RateBurst = (int)Math.Clamp(rate.Integer("burst"), 0, int.MaxValue),
        };
    }

    private static WebTlsOptions Tls(ConfigSection s) => new()
    {
        Certificate = HttpClientBuilder.Source(s, "cert"),
        Key = HttpClientBuilder.Source(s, "key"),
        ClientCa = HttpClientBuilder.Source(s, "client_ca"),
        ClientAuth = ClientAuth(s.Text("client_auth_type"))!.Value,
        ClientAllowedSans = s["client_allowed_sans"] as List<string>,
        MinVersion = HttpClientBuilder.Version(s.Text("min_version")) ?? TlsVersion.Tls12,
        MaxVersion = HttpClientBuilder.Version(s.Text("max_version")) ?? TlsVersion.Tls13,
        CipherSuites = s.List("cipher_suites"),
        PreferServerCipherSuites = s.Bool("prefer_server_cipher_suites"),
        CurvePreferences = s.List("curve_preferences"),
    };
}
