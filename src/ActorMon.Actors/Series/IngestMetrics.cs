using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Series;

/// <summary>Counters of the way from a writer to its partitions.</summary>
public sealed class IngestMetrics(MetricRegistry registry)
{
    public Counter BatchesRefused { get; } = registry.Counter(
        "actormon_ingest_batches_refused_total", "Batches refused because too many of their partition were unacknowledged.");

    public Counter BatchesWritten { get; } = registry.Counter("actormon_ingest_batches_written_total", "Batches written to a WAL and published.");

    public Counter BatchesFailed { get; } = registry.Counter("actormon_ingest_batches_failed_total", "Batches whose WAL write failed.");

    public Counter BatchesSetAside { get; } = registry.Counter(
        "actormon_ingest_batches_set_aside_total", "Batches given up because their partition crashed at them each time they were written.");

    public Counter WalWritesFailed { get; } = registry.Counter("prometheus_tsdb_wal_writes_failed_total", "Total number of write log writes that failed.");

    public Counter LayoutsUnknown { get; } = registry.Counter("actormon_ingest_layouts_unknown_total", "Batches refused because the partition did not know their layout.");

    public Counter ReplicaStarts { get; } = registry.Counter("actormon_partition_replica_starts_total", "Times a partition replica of this node was started.");
}
