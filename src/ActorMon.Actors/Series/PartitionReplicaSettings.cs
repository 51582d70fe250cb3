using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Deletions;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Actors.Series;

/// <param name="Options">Directory, limits and identity of a partition.</param>
/// <param name="MaxBatchesPerWrite">Batches that one WAL write may gather (actormon.partition.max-batches-per-write).</param>
/// <param name="MinBackoff">Before a directory that could not be opened is tried again; doubles up to <paramref name="MaxBackoff"/>.</param>
/// <param name="MaintainInterval">How often abandoned memory and old segments are given back.</param>
/// <param name="Work">Runs cuts, checkpoints and compactions of all partitions.</param>
/// <param name="Dispatcher">Name of the dispatcher of the writers.</param>
public sealed record PartitionReplicaSettings(
    Func<PartitionId, PartitionOptions> Options, int MaxBatchesPerWrite, TimeSpan MinBackoff, TimeSpan MaxBackoff, TimeSpan MaintainInterval, string Dispatcher,
    SymbolGenerations Symbols, IStorageFiles Files, NodeWalSync WalSync, PartitionTable Table, IngestMetrics Metrics, NodeStorageWork Work, StorageWorkMetrics WorkMetrics, TimeProvider Time)
{
    /// <summary>Whether a copy takes a batch now, by this node's map.</summary>
    public IBatchGate Gate { get; init; } = OpenGate.Instance;

    /// <summary>Told of a partition whose files turned out to be damaged, so that samples may be missing from its copy here.</summary>
    public Action<PartitionId> Damaged { get; init; } = static _ => { };

    /// <summary>Told that a partition's log cannot be written (true), and that it can again.</summary>
    public Action<PartitionId, bool> Unwritable { get; init; } = static (_, _) => { };

    /// <summary>The cluster's deletions by this node's map; null: it has none yet.</summary>
    public Func<DeletionLog?> Deletions { get; init; } = static () => null;
}
