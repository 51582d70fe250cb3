using System.Globalization;
using ActorMon.Host.Node;

namespace ActorMon.Host.Cluster;

/// <summary>A node that is asked for the cluster, as --cluster.seed-nodes names it: <c>host:port</c>, or <c>host:port/link-port</c> when its link is not at port + 1.</summary>
public sealed record SeedNode(string Host, int Port, int LinkPort)
{
    /// <param name="scheme">http or https.</param>
    public Uri Link(string scheme) => new UriBuilder(scheme, Host, LinkPort).Uri;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <returns>Null: not a seed.</returns>
    public static SeedNode? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (!NodeOptions.IsHostAndPort(address))
            return null;
        var colon = address.LastIndexOf(':');
        var port = int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        var link = port + 1;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out link))
            return null;
        return port > 0 && link is > 0 and <= 65535 ? new SeedNode(address[..colon], port, link) : null;
    }
}
