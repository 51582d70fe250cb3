using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tls;

/// <summary>The TLS of connections that others make and only ask about: versions, the client's certificate, and whether a server's certificate is good.</summary>
public sealed class ForeignTls(TlsOptions options, HttpClientContext context)
{
    private readonly TlsMaterialSource _materials = new(options, context);

    public SslProtocols Protocols { get; } = TlsVersions.Between(options.MinVersion, options.MaxVersion);

    /// <summary>The name to ask a server for, in place of its host; "": the host.</summary>
    public string ServerName => options.ServerName;

    /// <summary>The client's certificate as its files hold it now; null: none is set.</summary>
    /// <exception cref="HttpTransportException">A file cannot be read, or holds no certificate or key.</exception>
    public X509Certificate2? ClientCertificate() => _materials.Current().Client?.TargetCertificate;

    /// <summary>Why a server's certificate is refused; null: it is good for <paramref name="host"/>.</summary>
    /// <param name="presented">The certificate.</param>
    /// <param name="chain">Built by the platform with the machine's own authorities.</param>
    /// <param name="errors">What the platform found.</param>
    /// <param name="host">Asked for by the caller.</param>
    public string? Refusal(X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors, string host)
    {
        if (options.InsecureSkipVerify)
            return null;
        var authorities = _materials.Current().Authorities;
        if (authorities is null || presented is not X509Certificate2 certificate || CertificateTrust.Policy(authorities, context.Time) is not { } policy)
            return CertificateTrust.Refusal(presented, chain, errors, host, authorities, context.Time);
        // Judged again with the authorities that are set; what the server sent along helps to build the chain.
        foreach (var element in chain?.ChainElements.Select(e => e.Certificate) ?? [])
            policy.ExtraStore.Add(element);
        using var own = new X509Chain { ChainPolicy = policy };
        errors = own.Build(certificate) ? errors & ~SslPolicyErrors.RemoteCertificateChainErrors : errors | SslPolicyErrors.RemoteCertificateChainErrors;
        return CertificateTrust.Refusal(certificate, own, errors, host, authorities, context.Time);
    }
}
