using System.Buffers;
using System.Globalization;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Series;
using Akka.Actor;

namespace ActorMon.Cluster.Tests;

/// <summary>A copy of a partition that has nothing to recover.</summary>
internal sealed class CopyStandIn : ReceiveActor
{
    public CopyStandIn() => Receive<SeriesProtocol.Touch>(touch => Sender.Tell(new SeriesProtocol.ReplicaServing(touch.Replica, Self, 1)));
}

/// <summary>A scrape shard without targets.</summary>
internal sealed class ShardStandIn : ReceiveActor
{
    private readonly int _shard;
    private readonly ShardPlaces _places;
    private readonly string _node = Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString();

    public ShardStandIn(string id, ShardPlaces places)
    {
        var shard = int.Parse(id, CultureInfo.InvariantCulture);
        (_shard, _places) = (shard, places);
        Receive<ScrapingProtocol.TouchShard>(_ => Sender.Tell(new ScrapingProtocol.ShardState(shard, ScrapingProtocol.AssignmentVersion.None, 0)));
    }

    protected override void PreStart() => _places.Started(_shard, _node);

    protected override void PostStop() => _places.Stopped(_shard, _node);
}

internal sealed class Sink : ReceiveActor
{
    public Sink() => ReceiveAny(_ => { });
}

/// <summary>No other node can be called.</summary>
internal sealed class NoLinks : INodeLinks
{
    public Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation) =>
        Task.FromResult(new LinkAnswer(LinkStatus.Unreachable, "there is no way", 0, null));
}
