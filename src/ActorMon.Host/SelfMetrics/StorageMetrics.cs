using ActorMon.Actors.Series;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Host.SelfMetrics;

/// <summary>Storage metrics of this node: sums over its partitions, under the original's names where the meaning is the same.</summary>
public static class StorageMetrics
{
    /// <summary>What the configuration in effect allows the storage to keep. Retention null: everything.</summary>
    public static void RegisterLimits(MetricRegistry registry, NodeRetention retention, PartCache cache, Func<long> maxExemplars)
    {
        registry.Gauge("prometheus_tsdb_retention_limit_seconds", "How long to retain samples in storage.", () => retention.Policy.Time?.TotalSeconds ?? 0);
        registry.Gauge("prometheus_tsdb_retention_limit_bytes", "Max number of bytes to be retained in the tsdb blocks, configured 0 means disabled", () => retention.Policy.Bytes ?? 0);
        registry.Gauge("prometheus_tsdb_retention_limit_percentage", "Max percentage of total storage space to be retained in the tsdb blocks, configured 0 means disabled", () => retention.Policy.Percentage ?? 0);
        registry.Gauge("actormon_part_cache_bytes", "Decoded pages of parts that are kept in memory.", () => cache.Bytes);
        registry.Gauge("actormon_part_cache_limit_bytes", "Bound of the page cache.", () => cache.MaxBytes);
        registry.Counter("actormon_part_cache_hits_total", "Pages of parts found in the cache.", () => cache.Hits);
        registry.Counter("actormon_part_cache_misses_total", "Pages of parts read from disk.", () => cache.Misses);
        registry.Gauge("prometheus_tsdb_exemplar_max_exemplars", "Total number of exemplars the exemplar storage can store.", () => maxExemplars());
    }

    public static void Register(MetricRegistry registry, PartitionTable table, TimeProvider time)
    {
        Gauge("prometheus_tsdb_head_series", "Total number of series in the head block.", s => s.Series);
        Counter("prometheus_tsdb_head_series_created_total", "Total number of series created in the head", s => s.SeriesCreated);
        Counter("prometheus_tsdb_head_series_removed_total", "Total number of series removed in the head", s => s.SeriesRemoved);
        Gauge("prometheus_tsdb_head_chunks", "Total number of chunks in the head block.", s => s.Chunks);
        Gauge("prometheus_tsdb_head_chunks_storage_size_bytes", "Size of the samples of the head in memory.", s => s.SampleBytes);
        registry.Add("prometheus_tsdb_head_samples_appended_total", "Total number of appended samples.", MetricType.Counter, () =>
        [
            new SelfMetric(LabelSet.Of("type", "float"), table.Stats().Sum(s => (double)s.FloatSamples)),
            new SelfMetric(LabelSet.Of("type", "histogram"), table.Stats().Sum(s => (double)s.HistogramSamples)),
        ]);
        registry.Gauge("prometheus_tsdb_head_min_time", "Minimum time bound of the head block in milliseconds.", () => Bound(s => s.MinTime, min: true));
        registry.Gauge("prometheus_tsdb_head_min_time_seconds", "Minimum time bound of the head block in seconds.", () => Math.Floor(Bound(s => s.MinTime, min: true) / 1000));
        registry.Gauge("prometheus_tsdb_lowest_timestamp", "Lowest timestamp value stored in the database, in milliseconds.", () => Oldest());
        registry.Gauge("prometheus_tsdb_lowest_timestamp_seconds", "Lowest timestamp value stored in the database.", () => Math.Floor(Oldest() / 1000));
        registry.Gauge("prometheus_tsdb_head_max_time", "Maximum timestamp of the head block in milliseconds.", () => Bound(s => s.MaxTime, min: false));
        registry.Gauge("prometheus_tsdb_head_max_time_seconds", "Maximum timestamp of the head block in seconds.", () => Math.Floor(Bound(s => s.MaxTime, min: false) / 1000));
        Gauge("prometheus_tsdb_blocks_loaded", "Number of currently loaded data blocks", s => s.Parts);
        Gauge("prometheus_tsdb_storage_blocks_bytes", "The number of bytes that are currently used for local storage by all blocks.", s => s.PartBytes);
        Gauge("actormon_parts_samples", "Samples in parts.", s => s.PartSamples);
        Gauge("actormon_parts_damaged", "Parts found damaged or unreadable since their partition was opened.", s => s.PartsDamaged);
        Counter("prometheus_tsdb_reloads_failures_total", "Number of times the database failed to reloadBlocks block data from disk.", s => s.PartsDamaged);
        Counter("prometheus_tsdb_head_truncations_total", "Total number of head truncations attempted.", s => s.Cuts + s.CutsFailed);
        Counter("prometheus_tsdb_head_truncations_failed_total", "Total number of head truncations that failed.", s => s.CutsFailed);
        Counter("prometheus_tsdb_compactions_total", "Total number of compactions that were executed for the partition.", s => s.Cuts + s.Compactions);
        Counter("prometheus_tsdb_compactions_failed_total", "Total number of compactions that failed for the partition.", s => s.CutsFailed + s.CompactionsFailed);
        Counter("prometheus_tsdb_vertical_compactions_total", "Total number of compactions done on overlapping blocks.", s => s.OverlapCompactions);
        Counter("prometheus_tsdb_time_retentions_total", "The number of times that blocks were deleted because the maximum time limit was exceeded.", s => s.TimeRetentions);
        Counter("prometheus_tsdb_size_retentions_total", "The number of times that blocks were deleted because the maximum number of bytes was exceeded.", s => s.SizeRetentions);
        Gauge("prometheus_tsdb_wal_storage_size_bytes", "Size of the write log directory.", s => s.WalBytes);
        Counter("actormon_wal_bytes_written_total", "Bytes written to write-ahead logs.", s => s.WalBytesWritten);
        Gauge("actormon_wal_segments", "Segments of all write-ahead logs.", s => s.WalSegments);
        Counter("actormon_wal_syncs_total", "Times a write-ahead log was synced to disk.", s => s.WalSyncs);
        Counter("actormon_wal_sync_seconds_total", "Time spent syncing write-ahead logs.", s => s.WalSyncTime.TotalSeconds);
        Counter("prometheus_tsdb_exemplar_exemplars_appended_total", "Total number of appended exemplars.", s => s.Exemplars);
        Gauge("prometheus_tsdb_exemplar_exemplars_in_storage", "Number of exemplars currently in circular storage.", s => s.ExemplarsHeld);
        Counter("actormon_batches_duplicate_total", "Batches that came again and were dropped by their number.", s => s.DuplicateBatches);
        Gauge("actormon_layouts_open", "Layouts that targets write to.", s => s.OpenLayouts);
        registry.Gauge(
            "prometheus_tsdb_data_replay_duration_seconds", "Time taken to replay the data on disk.", () => table.Stores().Select(store => store.Recovery.Duration.TotalSeconds).DefaultIfEmpty().Max());
        registry.Gauge(
            "prometheus_tsdb_clean_start", "-1: lockfile is disabled. 0: a lockfile from a previous execution was replaced. 1: lockfile creation was clean",
            () => table.Stores().All(store => store.Recovery.CleanShutdown || store.Recovery.Segments == 0) ? 1 : 0);
        registry.Gauge("prometheus_tsdb_wal_segment_current", "Write log segment index that TSDB is currently writing to.", () => table.Stats().Select(s => (double)s.WalSegment).DefaultIfEmpty().Max());
        registry.Gauge(
            "prometheus_tsdb_symbol_table_size_bytes", "Texts of labels that the heads hold in memory.", () => table.Views().Select(view => view.Symbols).Distinct().Sum(symbols => (double)symbols.TextBytes));
        registry.Gauge("actormon_partitions_serving", "Partitions of this node that take batches.", () => table.Stores().Count());
        registry.Counter(
            "prometheus_tsdb_wal_corruptions_total", "Total number of WAL corruptions.", () => table.Stores().Sum(store => (double)store.Recovery.Damage.Count));

        void Gauge(string name, string help, Func<PartitionStats, double> read) => registry.Gauge(name, help, () => table.Stats().Sum(read));
        void Counter(string name, string help, Func<PartitionStats, double> read) => registry.Counter(name, help, () => table.Stats().Sum(read));
        double Oldest()
        {
            var times = table.Stats().Where(s => s.OldestTime != long.MaxValue).Select(s => s.OldestTime).ToList();
            return times.Count == 0 ? time.GetUtcNow().ToUnixTimeMilliseconds() : times.Min();
        }
        double Bound(Func<PartitionStats, long> read, bool min)
        {
            var times = table.Stats().Where(s => s.MinTime <= s.MaxTime).Select(read).ToList();
            // An empty head has no bounds; now keeps dashboards' subtractions sane.
            if (times.Count == 0)
                return time.GetUtcNow().ToUnixTimeMilliseconds();
            return min ? times.Min() : times.Max();
        }
    }
}
