using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Model;
using ActorMon.Discovery;
using ActorMon.Http.Options;

namespace ActorMon.Configuration.Loading;

/// <summary>
/// Files that a configuration names and that are read again at each use: passwords, tokens, certificates. They are not part of a bundle: each node has its own.
/// </summary>
public static class SecretFiles
{
    /// <summary>An error for each file that cannot be read here.</summary>
    public static IReadOnlyList<ConfigError> Unreadable(PrometheusConfig config, IConfigFiles files) => Unreadable(Named(config), files);

    /// <summary>As <see cref="Unreadable(PrometheusConfig, IConfigFiles)"/>, of the Alertmanager's.</summary>
    public static IReadOnlyList<ConfigError> Unreadable(AlertmanagerConfig config, IConfigFiles files) => Unreadable(Named(config), files);

    private static List<ConfigError> Unreadable(IEnumerable<(string File, int Line, string Key, string Path)> named, IConfigFiles files)
    {
        var errors = new List<ConfigError>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, line, key, path) in named)
            if (known.Add(path) && !files.TryRead(path, out _, out var problem))
                errors.Add(new ConfigError(file, line, key, problem, ConfigErrorKind.File));
        return errors;
    }

    private static IEnumerable<(string File, int Line, string Key, string Path)> Named(PrometheusConfig config)
    {
        foreach (var job in config.Jobs)
            foreach (var http in Clients(job.Discovery).Prepend(job.Job.Http))
                foreach (var (key, path) in Of(http))
                    yield return (job.File, job.Line, key, path);
        var others = config.Alerting.Alertmanagers.SelectMany(a => Clients(a.Discovery).Prepend(a.Http))
            .Concat(config.RemoteWrite.Select(w => w.Http)).Concat(config.RemoteRead.Select(r => r.Http));
        foreach (var (key, path) in others.SelectMany(Of))
            yield return (config.Path, 0, key, path);
    }

    private static IEnumerable<(string File, int Line, string Key, string Path)> Named(AlertmanagerConfig config)
    {
        foreach (var receiver in config.Alerting.Receivers)
            foreach (var integration in receiver.Integrations)
            {
                var prefix = FormattableString.Invariant($"{receiver.Path}.{integration.Type}_configs[{integration.Index}].");
                foreach (var (key, value) in integration.Settings)
                    if (key.EndsWith("_file", StringComparison.Ordinal) && value is string { Length: > 0 } path)
                        yield return (config.Path, receiver.Line, prefix + key, path);
                if (config.Http.TryGetValue((receiver.Name, integration.Type, integration.Index), out var http))
                    foreach (var (key, path) in Of(http))
                        yield return (config.Path, receiver.Line, $"{prefix}http_config.{key}", path);
            }
    }

    private static IEnumerable<HttpClientOptions> Clients(IReadOnlyList<SdConfig> discovery) =>
        discovery.OfType<DeclaredSdConfig>().Select(d => d.Http).OfType<HttpClientOptions>();

    private static IEnumerable<(string Key, string Path)> Of(HttpClientOptions http) => new[]
    {
        ("basic_auth.username_file", http.BasicAuth?.Username.File),
        ("basic_auth.password_file", http.BasicAuth?.Password.File),
        ("authorization.credentials_file", http.Authorization?.Credentials.File),
        ("oauth2.client_secret_file", http.OAuth2?.ClientSecret.File),
        ("oauth2.client_certificate_key_file", http.OAuth2?.ClientCertificateKey.File),
    }
        .Concat(OfTls("tls_config", http.Tls))
        .Concat(http.OAuth2 is { } oauth ? OfTls("oauth2.tls_config", oauth.Tls) : [])
        .Concat(http.Headers.SelectMany(h => h.Files.Select(f => ($"http_headers.{h.Name}.files", (string?)f))))
        .Where(named => named.Item2 is { Length: > 0 }).Select(named => (named.Item1, named.Item2!));

    private static IEnumerable<(string Key, string? Path)> OfTls(string key, TlsOptions tls) =>
        [($"{key}.ca_file", tls.Ca.File), ($"{key}.cert_file", tls.Certificate.File), ($"{key}.key_file", tls.Key.File)];
}
