using System.Globalization;
using ActorMon.Protocol.Links;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ActorMon.Host.Links;

/// <summary>What a request's headers say of who sends it and whom it is meant for. A number that cannot be read is -1, so it fits nothing.</summary>
internal sealed record LinkCaller(Guid Cluster, long Partitions, long HashVersion, long WireVersion, LinkSender Sender, ulong? Addressee, long MapVersion)
{
    private const int MaxNodeLength = 64;

    public static LinkCaller Of(IHeaderDictionary headers) => new(
        Guid.TryParseExact(headers[LinkHeaders.Cluster], "D", out var cluster) ? cluster : Guid.Empty,
        Number(headers[LinkHeaders.Partitions]),
        Number(headers[LinkHeaders.HashVersion]),
        Number(headers[LinkHeaders.WireVersion]),
        new LinkSender(headers[LinkHeaders.Node].ToString(), Incarnation(headers[LinkHeaders.Incarnation]) ?? 0),
        StringValues.IsNullOrEmpty(headers[LinkHeaders.Addressee]) ? null : Incarnation(headers[LinkHeaders.Addressee]) ?? 0,
        Math.Max(0, Number(headers[LinkHeaders.MapVersion])));

    /// <summary>Why this node does not answer the caller; null: it does.</summary>
    public string? Problem(LinkIdentity self, bool servesStrangers)
    {
        if (WireVersion < LinkIdentity.OldestWireVersion)
            return $"wire version {WireVersion}; this node reads {LinkIdentity.OldestWireVersion} and later";
        if (Sender.Node.Length is 0 or > MaxNodeLength || Sender.Incarnation == 0)
            return "the request does not say which node sends it";
        if (Cluster == Guid.Empty && servesStrangers)
            return null;
        if (self.Cluster == Guid.Empty || Cluster != self.Cluster)
            return $"node {Sender.Node} belongs to {Named(Cluster)}, this node ({self.Node}) to {Named(self.Cluster)}";
        if (Partitions != self.Partitions)
            return $"node {Sender.Node} has {Partitions} partitions, this node {self.Partitions}";
        if (HashVersion != self.HashVersion)
            return $"node {Sender.Node} places series by hash version {HashVersion}, this node by {self.HashVersion}";
        return Addressee is { } wanted && wanted != self.Incarnation
            ? $"the request is meant for incarnation {wanted:x16}, this one is {self.Incarnation:x16}"
            : null;
    }

    private static string Named(Guid cluster) => cluster == Guid.Empty ? "no cluster" : $"cluster {cluster}";

    private static long Number(StringValues text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static ulong? Incarnation(StringValues text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
}
