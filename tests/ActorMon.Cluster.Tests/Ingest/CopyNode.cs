using ActorMon.Actors.Links;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests;
using ActorMon.Actors.Tests.Links;
using ActorMon.Actors.Tests.Series;
using ActorMon.Host.Tests.Links;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Cluster.Tests.Ingest;

/// <summary>
/// One node with an actor system, a data directory and a link of its own; its map says what a test tells it. It has one partition and its own slot of it.
/// </summary>
internal sealed class CopyNode : IAsyncDisposable
{
    public static readonly PartitionId Partition = new(0);

    private readonly int _slot;
    private readonly ActorSystem _system;
    private readonly ReplicaStorage _storage;
    private IActorRef? _replica;

    public CopyNode(Guid cluster, string name, int slot)
    {
        _slot = slot;
        Link = new LinkNode(cluster, name, "actormon.cluster.link { min-backoff = 10ms, max-backoff = 50ms, patience = 500ms }", partitions: 1);
        _storage = new ReplicaStorage(1, Link.Registry);
        _system = ActorSystem.Create(name, ActorTest.Settings());
        var region = _system.ActorOf(Props.Create(() => new Region(this)));
        var peers = new PeerLinkSettings(Link.Client, Holders, 1 << 20, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
        Ingest = _system.ActorOf(IngestLinkActor.Props(
            new IngestSettings(1, 256, TimeSpan.FromMilliseconds(50)), region, _storage.Metrics, Holders, peer => PeerLinkActor.Props(peer, peers)));
    }

    public LinkNode Link { get; }

    public FakeHolders Holders { get; } = new();

    public IActorRef Ingest { get; }

    public IReadOnlyList<double> Values => _storage.Values(0);

    public ILinkOperation BatchesOperation => new BatchesOperation(_storage.Table, TimeSpan.FromMilliseconds(500));

    public Task<Ingested> WriteAsync(params int[] numbers) =>
        Ingest.Ask<Ingested>(new SeriesProtocol.Ingest(1, [.. numbers.Select(n => Batches.Of(0, n))]), TimeSpan.FromSeconds(60));

    /// <summary>Starts the node's copy, as Cluster Sharding would.</summary>
    public void StartCopy() => _replica = _system.ActorOf(PartitionReplicaActor.Props($"0/{_slot}", _storage.Settings));

    public async Task StopCopyAsync()
    {
        await _replica!.GracefulStop(TimeSpan.FromSeconds(30));
        _replica = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        await Link.DisposeAsync();
        _storage.Dispose();
    }

    private sealed class Region : ReceiveActor
    {
        public Region(CopyNode node) => Receive<IReplicaMessage>(message =>
        {
            if (message.Replica.Replica == node._slot)
                node._replica?.Forward(message);
        });
    }
}
