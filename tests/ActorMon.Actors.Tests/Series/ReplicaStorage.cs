using ActorMon.Actors.Series;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Replication.Deletions;
using ActorMon.Testing.IO;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Actors.Tests.Series;

/// <summary>A data directory with everything that partition replicas are made with.</summary>
internal sealed class ReplicaStorage : IDisposable
{
    private readonly TempFolder _folder = new();
    private DeletionLog _log = DeletionLog.Empty;

    /// <param name="cluster">Null: one of its own.</param>
    public ReplicaStorage(int partitions, MetricRegistry registry, long lateSamples = long.MaxValue, Guid? cluster = null)
    {
        Table = new PartitionTable(partitions);
        Metrics = new IngestMetrics(registry);
        var id = cluster ?? Guid.NewGuid();
        Settings = new PartitionReplicaSettings(
            p => new PartitionOptions { Directory = Directory(p), Partition = p, Partitions = partitions, ClusterId = id, CutThresholds = new CutThresholds { Samples = lateSamples } },
            64, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1), "actormon.dispatchers.samples",
            new SymbolGenerations(), Files, new NodeWalSync(TimeProvider.System), Table, Metrics,
            new NodeStorageWork(TimeProvider.System, 1), new StorageWorkMetrics(registry), TimeProvider.System)
        {
            Deletions = () => Log,
            Damaged = p => Damaged?.Invoke(p),
            Unwritable = (p, on) => Unwritable?.Invoke(p, on),
        };
    }

    /// <summary>The cluster's deletions.</summary>
    public DeletionLog Log { get => Volatile.Read(ref _log); set => Volatile.Write(ref _log, value); }

    /// <summary>Told of damage.</summary>
    public Action<PartitionId>? Damaged { get; set; }

    /// <summary>Told of a log that cannot be written, or can be again.</summary>
    public Action<PartitionId, bool>? Unwritable { get; set; }

    public FaultyFiles Files { get; } = new();
    public PartitionTable Table { get; }
    public IngestMetrics Metrics { get; }
    public PartitionReplicaSettings Settings { get; }

    /// <summary>Values of all samples that readers see, or of those that match, in order of series.</summary>
    public IReadOnlyList<double> Values(int partition, params Matcher[] matchers)
    {
        if (Table[new PartitionId(partition)] is not { } store)
            return [];
        var values = new List<double>();
        var buffer = new SampleBuffer();
        using var selection = store.View.Select(new SeriesRequest(matchers, TimestampMs.Min, TimestampMs.Max));
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            values.AddRange(buffer.Values);
        }
        return values;
    }

    public void Dispose() => _folder.Dispose();

    public string Directory(PartitionId partition)
    {
        var path = _folder.File($"p-{partition.Value:00}");
        System.IO.Directory.CreateDirectory(path);
        return path;
    }
}
