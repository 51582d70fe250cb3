using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ActorMon.Http.Tls;

/// <summary>
/// Verifies a server's certificate by the rules of the peers' TLS: any certificate of the CA file is an anchor, be it a root or not; names are matched
/// against the alternative names only, never the common name; revocation is not asked.
/// </summary>
internal static class CertificateTrust
{
    /// <summary>The policy with which the platform builds the chain; null for the machine's own trust.</summary>
    public static X509ChainPolicy? Policy(X509Certificate2Collection? authorities, TimeProvider time)
    {
        if (authorities is null)
            return null;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = time.GetUtcNow().UtcDateTime,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Why the certificate is refused, in the words of the peers (<c>x509: ...</c>); null when it is good for <paramref name="host"/>.</summary>
    public static string? Refusal(
        X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors, string host, X509Certificate2Collection? authorities, TimeProvider time)
    {
        if (presented is not X509Certificate2 certificate)
            return "x509: server did not present a certificate";
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0 && chain is not null && ChainRefusal(chain, certificate, authorities, time) is { } refusal)
            return refusal;
        return certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false) ? null : NameRefusal(certificate, host);
    }

    private static string? ChainRefusal(X509Chain chain, X509Certificate2 certificate, X509Certificate2Collection? authorities, TimeProvider time)
    {
        var flags = X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus)
            flags |= status.Status;
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            var now = time.GetUtcNow().UtcDateTime;
            var after = now > certificate.NotAfter.ToUniversalTime();
            var bound = (after ? certificate.NotAfter : certificate.NotBefore).ToUniversalTime();
            return $"x509: certificate has expired or is not yet valid: current time {now:yyyy-MM-ddTHH:mm:ssZ} is {(after ? "after" : "before")} {bound:yyyy-MM-ddTHH:mm:ssZ}";
        }
        // A chain that ends at an intermediate authority of the CA file is whole for the peers.
        if ((flags & ~X509ChainStatusFlags.PartialChain) == 0 && authorities is not null)
            foreach (var element in chain.ChainElements)
                if (Holds(authorities, element.Certificate))
                    return null;
        if ((flags & X509ChainStatusFlags.NotValidForUsage) != 0)
            return "x509: certificate specifies an incompatible key usage";
        if ((flags & X509ChainStatusFlags.NotSignatureValid) != 0)
            return "x509: certificate signature is not valid";
        return "x509: certificate signed by unknown authority";
    }

    private static bool Holds(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        foreach (var authority in authorities)
            if (authority.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
                return true;
        return false;
    }

    private static string NameRefusal(X509Certificate2 certificate, string host)
    {
        var names = new List<string>();
        var addresses = new List<string>();
        foreach (var extension in certificate.Extensions)
            if (extension is X509SubjectAlternativeNameExtension alternative)
            {
                names.AddRange(alternative.EnumerateDnsNames());
                foreach (var address in alternative.EnumerateIPAddresses())
                    addresses.Add(address.ToString());
            }
        if (IPAddress.TryParse(host, out _))
            return addresses.Count == 0
                ? $"x509: cannot validate certificate for {host} because it doesn't contain any IP SANs"
                : $"x509: certificate is valid for {string.Join(", ", addresses)}, not {host}";
        if (names.Count > 0)
            return $"x509: certificate is valid for {string.Join(", ", names)}, not {host}";
        return certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: true)
            ? "x509: certificate relies on legacy Common Name field, use SANs instead"
            : $"x509: certificate is not valid for any names, but wanted to match {host}";
    }
}
