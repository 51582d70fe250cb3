using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ActorMon.Testing.Http;

/// <summary>A loopback server's side of TLS.</summary>
/// <param name="Certificate">Asked for at each connection, so that a test may change it.</param>
public sealed record LoopbackTls(Func<X509Certificate2> Certificate)
{
    public LoopbackTls(X509Certificate2 certificate) : this(() => certificate) { }

    /// <summary>Refuses clients without a certificate of this authority.</summary>
    public X509Certificate2? ClientAuthority { get; init; }
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
    public IReadOnlyList<SslApplicationProtocol> Alpn { get; init; } = [SslApplicationProtocol.Http11];

    public async Task<(Stream Stream, X509Certificate2? Client, string? ServerName)> AcceptAsync(Stream inner, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = Certificate(),
                EnabledSslProtocols = Protocols,
                ApplicationProtocols = [.. Alpn],
                ClientCertificateRequired = ClientAuthority is not null,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = Policy(),
                RemoteCertificateValidationCallback = (_, _, _, errors) => ClientAuthority is null || errors == SslPolicyErrors.None,
            },
            cancellationToken);
        return (stream, stream.RemoteCertificate as X509Certificate2, stream.TargetHostName);
    }

    private X509ChainPolicy? Policy()
    {
        if (ClientAuthority is null)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(ClientAuthority);
        return policy;
    }
}
