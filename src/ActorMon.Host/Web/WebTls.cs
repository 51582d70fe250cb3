using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Configuration.Web;
using ActorMon.Http.Options;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ActorMon.Host.Web;

/// <summary>TLS of a server of the node. Each connection is made by what the options and their files say at its begin, so a renewed certificate needs no restart.</summary>
/// <param name="current">The options as they are now; an exception fails the connection.</param>
public sealed class WebTls(Func<WebTlsOptions> current)
{
    private static readonly string[] Tls13Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

    private readonly Lock _lock = new();
    private WebTlsOptions? _loadedFor;
    private WatchedFiles? _stamp;
    private SslServerAuthenticationOptions? _options;

    /// <summary>Makes an endpoint speak TLS.</summary>
    public void Use(ListenOptions endpoint, bool http2)
    {
        endpoint.Protocols = http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        List<SslApplicationProtocol> protocols = http2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11];
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => ValueTask.FromResult(Current(protocols)),
        });
    }

    /// <summary>Null: the certificates can be used; else what is wrong.</summary>
    public static string? Problem(WebTlsOptions options)
    {
        try
        {
            ServerCertificates.Load(options);
            return options.MaxVersion < options.MinVersion ? "max_version is below min_version" : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    /// <summary>Handshake options of the files as they are now. A file that is wrong now fails the connection.</summary>
    private SslServerAuthenticationOptions Current(List<SslApplicationProtocol> protocols)
    {
        var tls = current();
        lock (_lock)
        {
            if (_options is null || !ReferenceEquals(_loadedFor, tls) || _stamp!.HaveChanged())
            {
                _stamp = WatchedFiles.Of(ServerCertificates.FilesOf(tls));
                _options = OptionsOf(tls, ServerCertificates.Load(tls), protocols);
                _loadedFor = tls;
            }
            return _options;
        }
    }

    private static SslServerAuthenticationOptions OptionsOf(WebTlsOptions tls, ServerCertificates certificates, List<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = certificates.Server,
        ApplicationProtocols = protocols,
        EnabledSslProtocols = Versions(tls.MinVersion, tls.MaxVersion),
        ClientCertificateRequired = tls.ClientAuth != ClientAuthType.NoClientCert,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Trust(certificates.ClientAuthorities),
        CipherSuitesPolicy = Suites(tls.CipherSuites),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accepts(tls, certificate as X509Certificate2, errors),
    };

    private static bool Accepts(WebTlsOptions tls, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null)
            return tls.ClientAuth is not (ClientAuthType.RequireAnyClientCert or ClientAuthType.RequireAndVerifyClientCert) && tls.ClientAllowedSans is null;
        if (tls.ClientAuth is ClientAuthType.VerifyClientCertIfGiven or ClientAuthType.RequireAndVerifyClientCert && (errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        return tls.ClientAllowedSans is not { } allowed || AlternativeNames(certificate).Any(allowed.Contains);
    }

    private static X509ChainPolicy Trust(X509Certificate2Collection? authorities)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // The time of the handshake, not that of this object.
            VerificationTimeIgnored = true,
            DisableCertificateDownloads = true,
        };
        if (authorities is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static IEnumerable<string> AlternativeNames(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            foreach (var name in extension.EnumerateDnsNames())
                yield return name;
            foreach (var address in extension.EnumerateIPAddresses())
                yield return address.ToString();
        }
    }

    private static CipherSuitesPolicy? Suites(IReadOnlyList<string> names)
    {
        // The platform chooses elsewhere; there the setting has no effect.
        if (names.Count == 0 || !OperatingSystem.IsLinux())
            return null;
        // Suites of TLS 1.3 cannot be chosen in the original either.
        return new CipherSuitesPolicy(names.Concat(Tls13Suites).Distinct(StringComparer.Ordinal).Select(Enum.Parse<TlsCipherSuite>));
    }

    private static SslProtocols Versions(TlsVersion min, TlsVersion max)
    {
        // 1.0 and 1.1 are obsolete, which is the configuration's choice to make, not the compiler's.
#pragma warning disable SYSLIB0039, CA5397
        SslProtocols[] all = [SslProtocols.Tls, SslProtocols.Tls11, SslProtocols.Tls12, SslProtocols.Tls13];
#pragma warning restore SYSLIB0039, CA5397
        var protocols = SslProtocols.None;
        for (var version = min; version <= max; version++)
            protocols |= all[(int)version];
        return protocols;
    }
}
