using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Links;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Tests.Series.Copies;

/// <summary>A node with copies, and calls to it through the real frames without a network.</summary>
internal sealed class OneNode : INodeLinks, IDisposable
{
    private readonly Dictionary<string, ILinkOperation> _operations;

    public OneNode(int number, Guid cluster, int partitions)
    {
        Id = new NodeIncarnation(new NodeId(new Guid(number, 0, 0, new byte[8])), (ulong)number);
        Registry = new MetricRegistry();
        Storage = new ReplicaStorage(partitions, Registry, cluster: cluster);
        View = new MapView(Id, null);
        Standings = new CopyStandings(View, new ClusterStanding(TimeProvider.System), partitions);
        Storage.Damaged = Standings.NoteDamage;
        ILinkOperation[] operations = [new CopyFactsOperation(Storage.Table, Standings, TimeSpan.FromSeconds(20)), new CopyOperation(Storage.Table)];
        _operations = operations.ToDictionary(o => o.Name);
        Metrics = new CopyMetrics(Registry);
    }

    public NodeIncarnation Id { get; }
    public MetricRegistry Registry { get; }
    public ReplicaStorage Storage { get; }
    public MapView View { get; }
    public CopyStandings Standings { get; }
    public CopyMetrics Metrics { get; }

    /// <summary>Nodes that this one reaches, by incarnation.</summary>
    public Dictionary<ulong, OneNode> Others { get; } = [];

    /// <summary>Bytes of an answer on its way.</summary>
    public Func<byte[], byte[]> Way { get; set; } = bytes => bytes;

    public List<string> Calls { get; } = [];

    public LinkPeer Peer => new(Id.Node.ToString(), Id.Incarnation, new Uri("http://127.0.0.1:15700"));

    public MapNode InMap => new(Id.Node, Id.Incarnation, NodeState.Up, "", 1, false, "", Peer.Endpoint.ToString());

    public CopyTransfer Transfer() => new(this, Storage.Table, Metrics, CopyTransferSettings.Default);

    public async Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation)
    {
        lock (Calls)
            Calls.Add(operation);
        if (!Others.TryGetValue(peer.Incarnation, out var called))
            return new LinkAnswer(LinkStatus.Unreachable, "nobody is there", 0, null);
        var bytes = new ArrayBufferWriter<byte>();
        body(bytes);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var request = new LinkRequest
        {
            Sender = new LinkSender(Id.Node.ToString(), Id.Incarnation),
            MapVersion = View.Version,
            Body = PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenMemory)),
            Answer = pipe.Writer,
        };
        await called._operations[operation].HandleAsync(request, cancellation);
        await pipe.Writer.CompleteAsync();
        if (request.Status != LinkStatus.Ok)
            return new LinkAnswer(request.Status, request.Error, 0, null);
        var answer = new MemoryStream();
        await pipe.Reader.CopyToAsync(answer, cancellation);
        return new LinkAnswer(LinkStatus.Ok, null, 0, new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(Way(answer.ToArray()))), peer.ToString()));
    }

    public void Dispose() => Storage.Dispose();
}
