using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Http.Files;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tls;

/// <summary>Certificates as read at one time: the authorities to trust (null: the machine's) and the client's own certificate with its chain.</summary>
internal sealed class TlsMaterial(X509Certificate2Collection? authorities, SslStreamCertificateContext? client)
{
    public X509Certificate2Collection? Authorities { get; } = authorities;
    public SslStreamCertificateContext? Client { get; } = client;

    public static TlsMaterial Load(TlsOptions options, IFileReader files)
    {
        X509Certificate2Collection? authorities = null;
        if (options.Ca.IsSet)
            authorities = ParseAuthorities(Secrets.Read(options.Ca, files, "CA cert"), options.Ca);
        SslStreamCertificateContext? client = null;
        if (options.Certificate.IsSet && options.Key.IsSet)
            client = ParseClient(
                Secrets.Read(options.Certificate, files, "specified client cert"), Secrets.Read(options.Key, files, "specified client key"), options);
        return new TlsMaterial(authorities, client);
    }

    private static X509Certificate2Collection ParseAuthorities(string pem, SecretSource source)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new HttpTransportException($"unable to use specified CA cert {Describe(source)}", e);
        }
        if (authorities.Count == 0)
            throw new HttpTransportException($"unable to use specified CA cert {Describe(source)}");
        return authorities;
    }

    private static SslStreamCertificateContext ParseClient(string certificatePem, string keyPem, TlsOptions options)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new HttpTransportException(
                $"unable to use specified client cert ({Describe(options.Certificate)}) & key ({Describe(options.Key)}): {e.Message}", e);
        }
    }

    private static string Describe(SecretSource source) => source.File is { } file ? $"file {file}" : "inline";
}
