using ActorMon.Model.Bytes;
using ActorMon.Protocol.Links;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;

namespace ActorMon.Host.Cluster;

/// <summary>What a node tells one that looks for its cluster.</summary>
/// <param name="Node">Null: an older version, which does not say.</param>
public sealed record Hello(Guid Cluster, int Partitions, int HashVersion, Reached? Node);

/// <summary>
/// Tells a node that looks for a cluster which one this is. Answer, one frame of kind 1: version 1 u8 | cluster id 16 bytes | P, hash version: varints |
/// node id 16 bytes | member: 1 u8 | version of its map: varint | address for members: text. Later versions add behind.
/// </summary>
public sealed class HelloOperation(Func<LinkIdentity> identity, Func<Reached> self) : ILinkOperation
{
    private const byte Kind = 1;
    private const byte Version = 1;
    private const int IdBytes = 16;

    public string Name => LinkOperations.Hello;

    public bool ServesStrangers => true;

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        LinkFrames.Write(request.Answer, Kind, Encode(identity(), self(), new ByteWriter()));
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation);
    }

    /// <summary>Asks the node at an address. Null: nobody there, or nobody who says hello.</summary>
    public static async Task<Hello?> AskAsync(INodeLinks links, Uri address, TimeSpan timeout, CancellationToken cancellation)
    {
        await using var answer = await links.CallAsync(new LinkPeer("", 0, address), LinkOperations.Hello, static body => LinkFrames.WriteEnd(body), timeout, cancellation);
        if (!answer.IsOk)
            return null;
        try
        {
            return await answer.Frames.ReadAsync(cancellation) is { Kind: Kind } frame ? Decode(frame.Reader()) : null;
        }
        catch (LinkBrokenException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Encode(LinkIdentity identity, Reached self, ByteWriter into)
    {
        into.Byte(Version);
        into.Bytes(identity.Cluster.ToByteArray(bigEndian: true));
        into.Number((ulong)identity.Partitions);
        into.Number((ulong)identity.HashVersion);
        into.Bytes(self.Node.Value.ToByteArray(bigEndian: true));
        into.Byte(self.IsMember ? (byte)1 : (byte)0);
        into.Number((ulong)self.MapVersion);
        into.Number((ulong)self.Address.Length);
        into.Bytes(System.Text.Encoding.ASCII.GetBytes(self.Address));
        return into.Written;
    }

    private static Hello? Decode(ByteReader from)
    {
        from.Byte();
        var cluster = new Guid(from.Bytes(IdBytes), bigEndian: true);
        var (partitions, hash) = (from.Number(int.MaxValue), from.Number(int.MaxValue));
        if (from.Failed)
            return null;
        if (from.Left == 0)
            return new Hello(cluster, partitions, hash, null);
        var node = new NodeId(new Guid(from.Bytes(IdBytes), bigEndian: true));
        var (isMember, version, address) = (from.Byte() != 0, (long)from.Number(), from.Text());
        return from.Failed ? null : new Hello(cluster, partitions, hash, new Reached(node, isMember, version, address));
    }
}
