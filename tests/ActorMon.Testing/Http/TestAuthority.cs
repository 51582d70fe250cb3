using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorMon.Testing.Http;

/// <summary>A certificate authority made for one test; keys are ECDSA P-256, made on the spot.</summary>
public sealed class TestAuthority
{
    private TestAuthority(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }
    public string Pem => Certificate.ExportCertificatePem();

    // One instant for all, for no certificate may outlive its issuer.
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(30);
    private static readonly DateTimeOffset End = Start + TimeSpan.FromDays(60);

    public static TestAuthority Root(string name = "Test Root")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest(name, key);
        return new TestAuthority(Usable(request.CreateSelfSigned(Start, End)));
    }

    public TestAuthority Intermediate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest(name, key);
        using var issued = request.Create(Certificate, Start, End, Serial());
        return new TestAuthority(Usable(issued.CopyWithPrivateKey(key)));
    }

    /// <summary>A certificate for the names and IP addresses given, good for servers and clients.</summary>
    public X509Certificate2 Issue(string commonName, IEnumerable<string>? names = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        var any = false;
        foreach (var name in names ?? [])
        {
            any = true;
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        if (any)
            request.CertificateExtensions.Add(alternatives.Build());
        using var issued = request.Create(Certificate, Start, notAfter ?? End - TimeSpan.FromDays(1), Serial());
        return Usable(issued.CopyWithPrivateKey(key));
    }

    public static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static byte[] Serial() => [1, .. RandomNumberGenerator.GetBytes(11)];

    /// <summary>With its key in memory in the form that a server side of TLS takes everywhere.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
