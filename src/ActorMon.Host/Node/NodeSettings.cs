using System.Globalization;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Reading;
using ActorMon.Protocol.Series;
using ActorMon.Tsdb.Cardinality;
using Akka.Configuration;
using static ActorMon.Host.Node.SettingReader;

namespace ActorMon.Host.Node;

/// <summary>The <c>actormon</c> block of the node's HOCON as values, checked; one place reads it.</summary>
public sealed record NodeSettings
{
    public required int Partitions { get; init; }
    public required int ScrapeShards { get; init; }
    public required int MaxUnacknowledged { get; init; }
    public required TimeSpan RetouchInterval { get; init; }
    public required int MaxBatchesPerWrite { get; init; }
    public required TimeSpan PartitionMinBackoff { get; init; }
    public required TimeSpan PartitionMaxBackoff { get; init; }

    /// <summary>Null: sync before every acknowledgement.</summary>
    public required TimeSpan? WalSyncInterval { get; init; }

    /// <summary>Bytes that queries and the part cache share.</summary>
    public required long MemoryBudget { get; init; }

    /// <summary>Bytes of the budget that the part cache holds at most.</summary>
    public required long PartCacheBytes { get; init; }

    /// <summary>Of one core, 0 to 1.</summary>
    public required double StorageWorkShare { get; init; }
    public required int LateSamples { get; init; }
    public required TimeSpan TargetMinBackoff { get; init; }
    public required TimeSpan TargetMaxBackoff { get; init; }
    public required long MaxBodyBytes { get; init; }
    public required int MaxQueuedQueries { get; init; }

    /// <summary>Bytes that one query may hold. Null: half of the budget.</summary>
    public required long? QueryMemoryPerQuery { get; init; }

    /// <summary>Null: slow queries are not named in the log.</summary>
    public required TimeSpan? SlowQueryThreshold { get; init; }

    /// <summary>Parts of queries are computed where their series are.</summary>
    public required bool PushDown { get; init; }

    /// <summary>Reads that lack data are errors unless the request says otherwise.</summary>
    public required bool DenyPartial { get; init; }

    public required ReadSettings Reads { get; init; }

    /// <summary>Limits of active series; 0: off.</summary>
    public required long SeriesLimit { get; init; }
    public required long SeriesPerJob { get; init; }
    public required long SeriesPerTarget { get; init; }
    public required long SeriesPerMetric { get; init; }

    /// <summary>R: copies of each partition, where there are as many nodes.</summary>
    public required int Replicas { get; init; }

    /// <summary>A node that has heard from no majority for so long acknowledges nothing.</summary>
    public required TimeSpan MajorityTimeout { get; init; }

    /// <summary>What a stop waits for unless it says otherwise.</summary>
    public required StopKind OnStop { get; init; }

    /// <summary>How long at most.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>The node may be disturbed on purpose (actormon.test).</summary>
    public required bool IsTest { get; init; }

    /// <summary>What its clock is wrong by; zero unless <see cref="IsTest"/>.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>Seconds of the node's clock in a real one; 1 unless <see cref="IsTest"/>.</summary>
    public required int ClockRate { get; init; }

    /// <summary>When the node's clock and the real one showed the same; null: when the node starts.</summary>
    public required DateTimeOffset? ClockOrigin { get; init; }

    /// <summary>In how many shards the groups of the built-in Alertmanager lie; the same on all nodes, for the life of a cluster.</summary>
    public required int AlertShards { get; init; }

    /// <summary>How long flushes of the built-in Alertmanager wait for whole views of silences and inhibition.</summary>
    public required TimeSpan AlertViewPatience { get; init; }

    /// <summary>How long events of the built-in Alertmanager are kept, and how many of one node.</summary>
    public required TimeSpan AlertEventRetention { get; init; }
    public required int AlertEventEntries { get; init; }

    public required TimeSpan AlertHistoryRetention { get; init; }

    /// <summary>Transitions of one rule group that are kept.</summary>
    public required int AlertHistoryEntries { get; init; }

    /// <summary>sqlite or postgresql.</summary>
    public required string PersistenceProvider { get; init; }
    public required string PersistenceConnection { get; init; }
    public required int SnapshotAfter { get; init; }
    public required int MaxOutbox { get; init; }
    public required TimeSpan JournalMinBackoff { get; init; }
    public required TimeSpan JournalMaxBackoff { get; init; }

    public SeriesLimits LimitsOfSeries() => new() { Node = SeriesLimit, Job = SeriesPerJob, Target = SeriesPerTarget, Metric = SeriesPerMetric };

    /// <exception cref="ConfigurationException">A value is missing, not of its type or out of its range; the text names the key, the value and the range.</exception>
    public static NodeSettings From(Config config)
    {
        var partitions = Integer(config, "actormon.partitions", 1, 16_384);
        if ((partitions & (partitions - 1)) != 0)
            throw new ConfigurationException($"actormon.partitions = {partitions} is not a power of two in 1..16384");
        return new NodeSettings
        {
            Partitions = partitions,
            AlertShards = Integer(config, "actormon.alerting.shards", 1, 1024),
            AlertViewPatience = Duration(config, "actormon.alerting.view-patience"),
            AlertEventRetention = TimeSpan.FromDays(Integer(config, "actormon.alerting.history-days", 1, 3650)),
            AlertEventEntries = Integer(config, "actormon.alerting.history-entries", 1, 1_000_000),
            ScrapeShards = Integer(config, "actormon.scrape-shards", 1, 4096),
            MaxUnacknowledged = Integer(config, "actormon.ingest.max-unacknowledged", 1, 1_000_000),
            RetouchInterval = Duration(config, "actormon.ingest.retouch-interval"),
            MaxBatchesPerWrite = Integer(config, "actormon.partition.max-batches-per-write", 1, 10_000),
            PartitionMinBackoff = Duration(config, "actormon.partition.min-backoff"),
            PartitionMaxBackoff = Duration(config, "actormon.partition.max-backoff", "actormon.partition.min-backoff"),
            WalSyncInterval = Text(config, "actormon.wal.sync-interval") == "always" ? null : Duration(config, "actormon.wal.sync-interval", alternative: " or \"always\""),
            MemoryBudget = Text(config, Model.Memory.MemoryBudget.Setting) == "auto" ? DefaultMemoryBudget() : Size(config, Model.Memory.MemoryBudget.Setting, 1 << 20, long.MaxValue),
            PartCacheBytes = Size(config, "actormon.storage.part-cache", 0, 1L << 40),
            StorageWorkShare = Share(config, "actormon.storage.work-share"),
            LateSamples = Integer(config, "actormon.storage.late-samples", 1, int.MaxValue),
            TargetMinBackoff = Duration(config, "actormon.scraping.min-backoff"),
            TargetMaxBackoff = Duration(config, "actormon.scraping.max-backoff", "actormon.scraping.min-backoff"),
            MaxBodyBytes = Size(config, "actormon.scraping.max-body-size", 1024, int.MaxValue),
            MaxQueuedQueries = Integer(config, "actormon.query.max-queued", 0, 1_000_000),
            QueryMemoryPerQuery = Text(config, "actormon.query.max-memory-per-query") == "auto" ? null : Size(config, "actormon.query.max-memory-per-query", 1 << 16, long.MaxValue),
            SlowQueryThreshold = Text(config, "actormon.query.slow-threshold") == "off"
                ? null : Duration(config, "actormon.query.slow-threshold", alternative: " or \"off\""),
            PushDown = Switch(config, "actormon.query.push-down"),
            DenyPartial = Text(config, "actormon.reads.partial-response") switch
            {
                "deny" => true,
                "warn" => false,
                var text => throw new ConfigurationException($"actormon.reads.partial-response = {text} is neither \"warn\" nor \"deny\""),
            },
            Reads = new ReadSettings(Duration(config, "actormon.reads.first-answer"), Duration(config, "actormon.reads.next-answer")),
            // GC's own measure of what the process may have: the container's limit where there is one.
            SeriesLimit = Text(config, SeriesLimits.SettingOf(LimitScope.Node)) == "auto"
                ? SeriesLimits.NodeDefault(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
                : Limit(config, LimitScope.Node, " or \"auto\""),
            SeriesPerJob = Limit(config, LimitScope.Job),
            SeriesPerTarget = Limit(config, LimitScope.Target),
            SeriesPerMetric = Limit(config, LimitScope.Metric),
            Replicas = Integer(config, "actormon.replicas", 1, ReplicaId.MaxReplicas),
            MajorityTimeout = MajorityTimeoutOf(config),
            OnStop = NodeStop.KindOf(Text(config, "actormon.cluster.on-stop"))
                ?? throw new ConfigurationException($"actormon.cluster.on-stop = {Text(config, "actormon.cluster.on-stop")} is neither \"hand-over\" nor \"restart\""),
            DrainTimeout = Duration(config, "actormon.cluster.drain-timeout"),
            IsTest = Switch(config, "actormon.test.enabled"),
            ClockOffset = ClockOffsetOf(config),
            ClockRate = ClockRateOf(config),
            ClockOrigin = ClockOriginOf(config),
            AlertHistoryRetention = TimeSpan.FromDays(Integer(config, "actormon.rules.history-days", 1, 3650)),
            AlertHistoryEntries = Integer(config, "actormon.rules.history-entries", 1, 1_000_000),
            PersistenceProvider = Text(config, "actormon.persistence.provider"),
            PersistenceConnection = ConnectionOf(config),
            SnapshotAfter = Integer(config, "actormon.persistence.snapshot-after", 1, 1_000_000),
            MaxOutbox = Integer(config, "actormon.persistence.max-outbox", 1, 1_000_000),
            JournalMinBackoff = Duration(config, "actormon.persistence.min-backoff"),
            JournalMaxBackoff = Duration(config, "actormon.persistence.max-backoff", "actormon.persistence.min-backoff"),
        };
    }

    /// <summary>Shorter than the time after which the others may remove a silent node and name another holder: else two nodes would acknowledge for one copy.</summary>
    private static TimeSpan MajorityTimeoutOf(Config config)
    {
        const string pause = "akka.cluster.failure-detector.acceptable-heartbeat-pause";
        const string stable = "akka.cluster.split-brain-resolver.stable-after";
        var timeout = Duration(config, "actormon.cluster.majority-timeout");
        var removal = Duration(config, pause) + Duration(config, stable);
        return timeout < removal
            ? timeout
            : throw new ConfigurationException(
                $"actormon.cluster.majority-timeout = {Text(config, "actormon.cluster.majority-timeout")} is not shorter than the earliest removal of a node, {removal.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s ({pause} + {stable})");
    }

    private static TimeSpan ClockOffsetOf(Config config)
    {
        const string key = "actormon.test.clock-offset";
        var offset = Offset(config, key, TimeSpan.FromHours(24));
        return offset == TimeSpan.Zero ? offset : OfTest(config, key, offset);
    }

    private static int ClockRateOf(Config config)
    {
        const string key = "actormon.test.clock-rate";
        var rate = Integer(config, key, 1, 1000);
        return rate == 1 ? rate : OfTest(config, key, rate);
    }

    private static DateTimeOffset? ClockOriginOf(Config config)
    {
        const string key = "actormon.test.clock-origin";
        var text = Text(config, key);
        if (text.Length == 0)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var origin)
            ? OfTest(config, key, origin)
            : throw new ConfigurationException($"{key} = {text} is not a time as RFC 3339 writes it");
    }

    private static T OfTest<T>(Config config, string key, T value) => Switch(config, "actormon.test.enabled")
        ? value
        : throw new ConfigurationException($"{key} = {Text(config, key)} is refused: actormon.test.enabled is off");

    private static string ConnectionOf(Config config)
    {
        var connection = Text(config, "actormon.persistence.connection-string");
        JournalDatabase.Of(Text(config, "actormon.persistence.provider"), connection, ".");
        return connection;
    }

    /// <summary>A quarter of the memory that the process may use, which the runtime takes from the container's limit where there is one; at least 64 MB.</summary>
    private static long DefaultMemoryBudget() => Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    private static long Limit(Config config, LimitScope scope, string alternative = "")
    {
        const long max = 1_000_000_000;
        var key = SeriesLimits.SettingOf(scope);
        var text = Text(config, key);
        if (text == "off")
            return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= max
            ? value
            : throw new ConfigurationException($"{key} = {text} is not a whole number in 1..{max}, \"off\"{alternative}");
    }
}
