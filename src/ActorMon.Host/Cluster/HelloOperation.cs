using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;

namespace ActorMon.Host.Cluster;

/// <summary>
/// Tells a node that looks for a cluster which one this is. Answer, one frame of kind 1: version 1 u8 | cluster id 16 bytes | P, hash version: varints. Later versions add behind.
/// </summary>
public sealed class HelloOperation(Func<LinkIdentity> identity) : ILinkOperation
{
    public const byte Kind = 1;
    private const byte Version = 1;

    public string Name => LinkOperations.Hello;

    public bool ServesStrangers => true;

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        LinkFrames.Write(request.Answer, Kind, Encode(identity(), new ByteWriter()));
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation);
    }

    public static ReadOnlySpan<byte> Encode(LinkIdentity self, ByteWriter into)
    {
        into.Byte(Version);
        into.Bytes(self.Cluster.ToByteArray(bigEndian: true));
        into.Number((ulong)self.Partitions);
        into.Number((ulong)self.HashVersion);
        return into.Written;
    }

    /// <summary>Null: it is no greeting.</summary>
    public static (Guid Cluster, int Partitions, int HashVersion)? Decode(ByteReader from)
    {
        from.Byte();
        var cluster = from.Bytes(16);
        var (partitions, hash) = (from.Number(int.MaxValue), from.Number(int.MaxValue));
        return from.Failed ? null : (new Guid(cluster, bigEndian: true), partitions, hash);
    }
}
