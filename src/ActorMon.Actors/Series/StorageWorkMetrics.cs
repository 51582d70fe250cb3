using ActorMon.Model.Telemetry;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Actors.Series;

/// <summary>What the storage work of a node costs, under the original's names where the meaning is the same.</summary>
public sealed class StorageWorkMetrics(MetricRegistry registry)
{
    private readonly BucketHistogram _compactions = registry.Histogram(
        "prometheus_tsdb_compaction_duration_seconds", "Duration of compaction runs", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192]);

    private readonly Labelled<Counter> _seconds = registry.Counters(
        "actormon_storage_work_seconds_total", "Time that background work of the storage ran, pauses included.", "kind");

    private readonly Labelled<Counter> _bytes = registry.Counters("actormon_storage_work_bytes_total", "Bytes that background work of the storage wrote.", "kind");

    private readonly Labelled<Counter> _done = registry.Counters("actormon_storage_work_total", "Pieces of background work of the storage that have ended.", "kind", "result");

    private readonly Counter _checkpoints = registry.Counter("prometheus_tsdb_checkpoint_creations_total", "Total number of checkpoint creations attempted.");

    private readonly Counter _checkpointsFailed = registry.Counter("prometheus_tsdb_checkpoint_creations_failed_total", "Total number of checkpoint creations that failed.");

    private readonly Counter _triggered = registry.Counter("prometheus_tsdb_compactions_triggered_total", "Total number of triggered compactions for the partition.");

    /// <summary>Work was handed out.</summary>
    public void Begin(StorageWork work)
    {
        if (work.Kind == StorageWorkKind.Checkpoint)
            _checkpoints.Add();
        else if (IsCompaction(work))
            _triggered.Add();
    }

    public void Observe(StorageWork work)
    {
        var kind = NameOf(work.Kind);
        if (IsCompaction(work))
            _compactions.Observe(work.Duration.TotalSeconds);
        else if (work is { Kind: StorageWorkKind.Checkpoint, Failure: not null })
            _checkpointsFailed.Add();
        _seconds.With(kind).Add(work.Duration.TotalSeconds);
        _bytes.With(kind).Add(work.BytesWritten);
        _done.With(kind, work.Failure is null ? "done" : "failed").Add();
    }

    /// <summary>The original counts a cut of its head as one.</summary>
    private static bool IsCompaction(StorageWork work) => work.Kind is StorageWorkKind.Cut or StorageWorkKind.Rewrite or StorageWorkKind.Compaction;

    private static string NameOf(StorageWorkKind kind) => kind switch
    {
        StorageWorkKind.Cut => "cut",
        StorageWorkKind.Checkpoint => "checkpoint",
        StorageWorkKind.Rewrite => "rewrite",
        StorageWorkKind.Removal => "removal",
        StorageWorkKind.Snapshot => "snapshot",
        _ => "compaction",
    };
}
