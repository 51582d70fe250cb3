using ActorMon.Configuration.Units;
using Akka.Configuration;

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
    public required TimeSpan TargetMinBackoff { get; init; }
    public required TimeSpan TargetMaxBackoff { get; init; }
    public required long MaxBodyBytes { get; init; }
    public required int MaxQueuedQueries { get; init; }

    /// <exception cref="ConfigurationException">A value is out of its range; the text names the key, the value and the range.</exception>
    public static NodeSettings From(Config config)
    {
        var partitions = InRange(config, "actormon.partitions", 1, 16_384);
        if ((partitions & (partitions - 1)) != 0)
            throw new ConfigurationException($"actormon.partitions = {partitions} is not a power of two");
        return new NodeSettings
        {
            Partitions = partitions,
            ScrapeShards = InRange(config, "actormon.scrape-shards", 1, 4096),
            MaxUnacknowledged = InRange(config, "actormon.ingest.max-unacknowledged", 1, 1_000_000),
            RetouchInterval = Duration(config, "actormon.ingest.retouch-interval"),
            MaxBatchesPerWrite = InRange(config, "actormon.partition.max-batches-per-write", 1, 10_000),
            PartitionMinBackoff = Duration(config, "actormon.partition.min-backoff"),
            PartitionMaxBackoff = Duration(config, "actormon.partition.max-backoff"),
            WalSyncInterval = config.GetString("actormon.wal.sync-interval") == "always" ? null : Duration(config, "actormon.wal.sync-interval"),
            TargetMinBackoff = Duration(config, "actormon.scraping.min-backoff"),
            TargetMaxBackoff = Duration(config, "actormon.scraping.max-backoff"),
            MaxBodyBytes = ByteSize.TryParse(config.GetString("actormon.scraping.max-body-size"), out var bytes, out _) && bytes > 0
                ? bytes
                : throw new ConfigurationException($"actormon.scraping.max-body-size = {config.GetString("actormon.scraping.max-body-size")} is not a size such as 256MB"),
            MaxQueuedQueries = InRange(config, "actormon.query.max-queued", 0, 1_000_000),
        };
    }

    private static int InRange(Config config, string key, int min, int max)
    {
        var value = config.GetInt(key);
        return value >= min && value <= max ? value : throw new ConfigurationException($"{key} = {value} is not in {min}..{max}");
    }

    private static TimeSpan Duration(Config config, string key)
    {
        var value = config.GetTimeSpan(key);
        return value > TimeSpan.Zero ? value : throw new ConfigurationException($"{key} = {value} is not above zero");
    }
}
