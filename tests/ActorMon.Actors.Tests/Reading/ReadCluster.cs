using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Actors.Facts;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Series;
using ActorMon.Model.Ingest;
using ActorMon.Model.Memory;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Execution;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;
using ActorMon.Protocol.Series;
using ActorMon.Testing.IO;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Actors.Tests.Reading;

/// <summary>Nodes with copies of partitions where a test puts them, connected through the real frames without a network.</summary>
internal sealed class ReadCluster : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Guid _id = Guid.NewGuid();

    /// <param name="holders">By partition: the nodes whose copies are in sync.</param>
    public ReadCluster(int nodes, int[][] holders, TimeProvider? time = null)
    {
        Holders = holders;
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new Node(this, n, time ?? TimeProvider.System))];
        for (var p = 0; p < holders.Length; p++)
            foreach (var n in holders[p])
                Nodes[n].Open(new PartitionId(p));
    }

    public int[][] Holders { get; }
    public Node[] Nodes { get; }

    /// <summary>What happens to a call, by node: null: it is answered.</summary>
    public Func<int, LinkAnswer?> Fault { get; set; } = _ => null;

    /// <summary>Bytes of an answer on its way, by node.</summary>
    public Func<int, byte[], byte[]> Damage { get; set; } = (_, bytes) => bytes;

    /// <summary>Nodes that were called, in order.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>A sample on every copy of the series' partition.</summary>
    public void Write(params ReadOnlySpan<LooseSample> samples)
    {
        for (var p = 0; p < Holders.Length; p++)
        {
            var loose = new List<LooseSample>();
            foreach (var sample in samples)
                if (Placement.Of(sample.Series, Holders.Length).Value == p)
                    loose.Add(sample);
            if (loose.Count > 0)
                Write(new SampleBatch { Writer = new WriterId(1), Partition = new PartitionId(p), Loose = [.. loose] });
        }
    }

    public void Write(SampleBatch batch)
    {
        foreach (var n in Holders[batch.Partition.Value])
        {
            var results = new AppendResult[1];
            Nodes[n].Table[batch.Partition]!.Append([batch], results);
            Assert.Equal(AppendStatus.Accepted, results[0].Status);
        }
    }

    /// <summary>A file of a node's copy.</summary>
    public string PathOf(int node, PartitionId partition, string file) => Path.Combine(_folder.File($"n{node}-p{partition.Value}"), file);

    public void Dispose()
    {
        foreach (var node in Nodes)
            foreach (var store in node.Table.Stores())
                store.Dispose();
        _folder.Dispose();
    }

    internal sealed class Node : IReplicaHolders, INodeLinks, IReadGate
    {
        /// <summary>No test depends on how fast the machine is.</summary>
        private static readonly ReadSettings Patient = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));

        private readonly ReadCluster _cluster;
        private readonly int _number;
        private readonly SymbolGenerations _symbols = new();
        private readonly ReadOperation _operation;

        public Node(ReadCluster cluster, int number, TimeProvider time)
        {
            _cluster = cluster;
            _number = number;
            Table = new PartitionTable(cluster.Holders.Length);
            Local = new NodeSeries(Table, _symbols);
            Placements = new ReadPlacements(this, this, Table.Partitions);
            _operation = new ReadOperation(Local, Table, Placements, Engine, TaskScheduler.Default);
            Facts = new ClusterFacts(new FactSources(() => [.. Enumerable.Range(0, cluster.Nodes.Length).Where(n => n != number).Select(Peer)], this, this, Table), this, Patient.FirstAnswer);
            Series = new ClusterSeries(Local, Table, Placements, this, Patient, new ReadMetrics(new MetricRegistry()), null, time);
        }

        public QueryEngine Engine { get; } = new(new QueryEngineOptions { Memory = new QueryMemory(new MemoryBudget(1 << 30), 1 << 30) });
        public PartitionTable Table { get; }
        public NodeSeries Local { get; }
        public ReadPlacements Placements { get; }
        public ClusterSeries Series { get; }
        public ClusterFacts Facts { get; }
        public long Version { get; private set; } = 1;

        /// <summary>Reads of later kinds came after its version.</summary>
        public ReadKind KnowsUpTo { get; set; } = ReadKind.Fragments;

        /// <summary>Whether the node has heard from a majority; asked each time.</summary>
        public Func<bool> Confirmed { get; set; } = () => true;

        /// <summary>Partitions that wait for a lost copy, by this node's map.</summary>
        public HashSet<PartitionId> Waiting { get; } = [];

        public bool AllComplete => Confirmed() && Waiting.Count == 0;

        public bool IsCurrent(PartitionId partition) => Confirmed();

        public bool IsComplete(PartitionId partition) => Confirmed() && !Waiting.Contains(partition);

        public event Action? Changed;

        public void Open(PartitionId partition) => Table.Serve(PartitionStore.Open(
            new PartitionOptions
            {
                Directory = Directory.CreateDirectory(_cluster._folder.File($"n{_number}-p{partition.Value}")).FullName,
                Partition = partition,
                Partitions = Table.Partitions,
                ClusterId = _cluster._id,
                // Old samples become parts as soon as a test lets the store work.
                CutThresholds = new CutThresholds { Samples = 1 },
            },
            _symbols.Current, DiskFiles.Instance, TimeProvider.System));

        public void MapChanged()
        {
            Version++;
            Changed?.Invoke();
        }

        public PartitionHolders Of(PartitionId partition) => new(
            1, IsOpen: true, [.. _cluster.Holders[partition.Value].Select((n, slot) => new ReplicaHolder(slot, n == _number ? null : Peer(n), 0, IsRequired: true))]);

        public async Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation)
        {
            var called = int.Parse(peer.Node, System.Globalization.CultureInfo.InvariantCulture);
            lock (_cluster.Calls)
                _cluster.Calls.Add(called);
            if (_cluster.Fault(called) is { } fault)
                return fault;
            var node = _cluster.Nodes[called];
            if (operation == ReadRequest.ReadOperationName && node.KnowsUpTo < await KindAsync(body))
                return new LinkAnswer(LinkStatus.Malformed, "reads of this kind are not known here", 0, null);
            return await LoopbackCall.RunAsync(operation == node.Facts.Name ? node.Facts : node._operation, $"{_number}", peer, body, cancellation, bytes => _cluster.Damage(called, bytes));
        }

        private static async Task<ReadKind> KindAsync(Action<IBufferWriter<byte>> body)
        {
            var bytes = new ArrayBufferWriter<byte>();
            body(bytes);
            var frame = await new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenMemory)), "test").ReadAsync();
            return (ReadKind)frame!.Value.Content.Span[1];
        }

        public static LinkPeer Peer(int node) => new($"{node}", (ulong)node + 1, new Uri($"http://127.0.0.1:{15_600 + node}"));
    }
}
