using ActorMon.Configuration.Web;
using ActorMon.Host.Node;
using ActorMon.Http.Options;
using Akka.Configuration;

namespace ActorMon.Host.Links;

/// <summary>The settings of the links to other nodes (hocon/links.conf), checked.</summary>
public sealed record LinkSettings
{
    private const string Tls = "actormon.cluster.tls.";
    private const string Link = "actormon.cluster.link.";

    /// <summary>Null: clear text.</summary>
    public WebTlsOptions? ServerTls { get; private init; }
    public TlsOptions ClientTls { get; private init; } = TlsOptions.Default;
    public required int RequestBytes { get; init; }
    public required TimeSpan Timeout { get; init; }
    public required TimeSpan MinBackoff { get; init; }
    public required TimeSpan MaxBackoff { get; init; }
    public required TimeSpan Patience { get; init; }

    /// <summary>http or https.</summary>
    public string Scheme => ServerTls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    /// <exception cref="ConfigurationException">A value is out of its range, or only some of the TLS files are given.</exception>
    public static LinkSettings From(Config config)
    {
        var settings = new LinkSettings
        {
            RequestBytes = (int)SettingReader.Size(config, Link + "request-bytes", 1024, 64 << 20),
            Timeout = SettingReader.Duration(config, Link + "timeout"),
            MinBackoff = SettingReader.Duration(config, Link + "min-backoff"),
            MaxBackoff = SettingReader.Duration(config, Link + "max-backoff", Link + "min-backoff"),
            Patience = SettingReader.Duration(config, Link + "patience"),
        };
        var (certificate, key, ca) = (File("certificate"), File("key"), File("ca"));
        if (!certificate.IsSet && !key.IsSet && !ca.IsSet)
            return settings;
        if (!certificate.IsSet || !key.IsSet || !ca.IsSet)
            throw new ConfigurationException("actormon.cluster.tls has only some of certificate, key and ca; links need all three or none");
        return settings with
        {
            ServerTls = new WebTlsOptions { Certificate = certificate, Key = key, ClientCa = ca, ClientAuth = ClientAuthType.RequireAndVerifyClientCert },
            ClientTls = new TlsOptions { Certificate = certificate, Key = key, Ca = ca },
        };

        SecretSource File(string name) => SettingReader.Text(config, Tls + name) is { Length: > 0 } path ? new SecretSource(File: Path.GetFullPath(path)) : SecretSource.None;
    }
}
