using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tls;

/// <summary>Puts TLS on a connection: versions, server name, client certificate and verification by the options; ALPN by the caller.</summary>
internal sealed class TlsConnector(TlsOptions options, TimeProvider time)
{
    private static readonly List<SslApplicationProtocol> Http11 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Http2OrHttp11 = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly SslProtocols _protocols = TlsVersions.Between(options.MinVersion, options.MaxVersion);

    /// <summary>Takes ownership of <paramref name="inner"/>: a failed handshake closes it.</summary>
    /// <exception cref="HttpTransportException">Refused by either side; the text starts with <c>tls:</c> or <c>remote error: tls:</c>.</exception>
    public async ValueTask<SslStream> ConnectAsync(Stream inner, string host, TlsMaterial material, bool offerHttp2, CancellationToken cancellationToken)
    {
        var name = options.ServerName.Length > 0 ? options.ServerName : host;
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    EnabledSslProtocols = _protocols,
                    ApplicationProtocols = offerHttp2 ? Http2OrHttp11 : Http11,
                    AllowRenegotiation = false,
                    ClientCertificateContext = material.Client,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    CertificateChainPolicy = CertificateTrust.Policy(material.Authorities, time),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => options.InsecureSkipVerify || Verify(certificate, chain, errors),
                },
                cancellationToken);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is AuthenticationException or IOException)
                throw new HttpTransportException(TlsErrors.Describe(e), e, HttpRequestError.SecureConnectionError);
            throw;
        }

        // The reason is thrown, not returned as false, because only here the certificate is at hand to name it.
        bool Verify(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
            CertificateTrust.Refusal(certificate, chain, errors, name, material.Authorities, time) is { } refusal
                ? throw new HttpTransportException($"tls: failed to verify certificate: {refusal}", null, HttpRequestError.SecureConnectionError)
                : true;
    }
}
