using System.Security.Authentication;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tls;

/// <summary>min_version and max_version as the platform's set of protocols.</summary>
internal static class TlsVersions
{
    // 1.0 and 1.1 are obsolete, which is the configuration's choice to make, not the compiler's.
#pragma warning disable SYSLIB0039, CA5397
    private static readonly SslProtocols[] All = [SslProtocols.Tls, SslProtocols.Tls11, SslProtocols.Tls12, SslProtocols.Tls13];
#pragma warning restore SYSLIB0039, CA5397

    /// <summary>All versions from min (default 1.2) to max (default 1.3). A max below 1.2 alone lowers the minimum to itself.</summary>
    /// <exception cref="ArgumentException">max is below a given min.</exception>
    public static SslProtocols Between(TlsVersion? min, TlsVersion? max)
    {
        var to = max ?? TlsVersion.Tls13;
        var from = min ?? (to < TlsVersion.Tls12 ? to : TlsVersion.Tls12);
        if (to < from)
            throw new ArgumentException("tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified");
        var protocols = SslProtocols.None;
        for (var version = from; version <= to; version++)
            protocols |= All[(int)version];
        return protocols;
    }
}
