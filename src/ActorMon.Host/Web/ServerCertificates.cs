using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMon.Configuration.Web;
using ActorMon.Http.Options;

namespace ActorMon.Host.Web;

/// <summary>The server's certificate with its chain, and the authorities of clients (null: the machine's), as read at one time.</summary>
public sealed record ServerCertificates(SslStreamCertificateContext Server, X509Certificate2Collection? ClientAuthorities)
{
    /// <exception cref="InvalidDataException">A file cannot be read or holds no certificate or key; the text says which.</exception>
    public static ServerCertificates Load(WebTlsOptions options)
    {
        var certificatePem = Read(options.Certificate, "cert_file");
        var keyPem = Read(options.Key, "key_file");
        SslStreamCertificateContext server;
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            chain.RemoveAt(0);
            server = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"failed to load X509KeyPair: {e.Message}", e);
        }
        if (!options.ClientCa.IsSet)
            return new ServerCertificates(server, null);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Read(options.ClientCa, "client_ca_file"));
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"client_ca_file: {e.Message}", e);
        }
        return new ServerCertificates(server, authorities);
    }

    /// <summary>The files that the certificates come from.</summary>
    public static IEnumerable<string> FilesOf(WebTlsOptions options) => new[] { options.Certificate.File, options.Key.File, options.ClientCa.File }.OfType<string>();

    private static string Read(SecretSource source, string key)
    {
        if (source.File is not { } file)
            return source.Inline ?? "";
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"failed to read {key} ({file}): {e.Message}", e);
        }
    }
}
