using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb;

/// <summary>When appended batches reach the disk.</summary>
public enum WalSyncMode : byte
{
    /// <summary>The node's <see cref="NodeWalSync"/> syncs at intervals: a killed process loses nothing, a power cut at most one interval.</summary>
    Interval,
    /// <summary>Every group of batches is synced before it is acknowledged.</summary>
    Always,
}

/// <summary>Bounds of one partition; a batch beyond them is refused whole.</summary>
public sealed record PartitionLimits
{
    /// <summary>Series in the head; 0: no bound.</summary>
    public int Series { get; init; }

    /// <summary>Slots of one layout.</summary>
    public int LayoutSlots { get; init; } = 1_000_000;

    /// <summary>Labels of one series.</summary>
    public int LabelsPerSeries { get; init; } = 500;

    /// <summary>Exemplars kept, the newest; 0: none.</summary>
    public int Exemplars { get; init; } = 3_125;

    /// <summary>Metric families whose metadata is kept; what comes later is not.</summary>
    public int MetadataFamilies { get; init; } = 50_000;
}

/// <summary>How one partition is stored. Directory is the partition's own (<c>p-00</c> below the data directory).</summary>
public sealed record PartitionOptions
{
    public required string Directory { get; init; }
    public required PartitionId Partition { get; init; }

    /// <summary>P of the cluster.</summary>
    public required int Partitions { get; init; }

    public required Guid ClusterId { get; init; }

    /// <summary>A segment that has reached this size is closed and the next begun, bytes.</summary>
    public long WalSegmentBytes { get; init; } = 128L << 20;

    /// <summary>A checkpoint is due when the log behind the last one has outgrown it and is larger than this, bytes.</summary>
    public long CheckpointBytes { get; init; } = 1L << 20;

    public WalSyncMode WalSync { get; init; } = WalSyncMode.Interval;

    /// <summary>What of the node stays; one object for all its partitions.</summary>
    public NodeRetention NodeRetention { get; init; } = new(new RetentionPolicy(TimeSpan.FromDays(15)));

    /// <summary>Lengths of the windows of parts.</summary>
    public WindowRanges Ranges { get; init; } = WindowRanges.Of(TimeSpan.FromHours(2), null, TimeSpan.FromDays(15));

    /// <summary>When late samples are cut.</summary>
    public CutThresholds CutThresholds { get; init; } = new();

    /// <summary>Parts that together are larger are not joined, bytes.</summary>
    public long MaxPartBytes { get; init; } = long.MaxValue;

    /// <summary>Decoded pages of parts; one object for all partitions of a node.</summary>
    public PartCache PartCache { get; init; } = new(16 << 20);

    /// <summary>A layout without a scrape for so long gives its buffers back.</summary>
    public TimeSpan LayoutIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A layout whose last scrape was stale markers only gives its buffers back after so long.</summary>
    public TimeSpan LayoutEnded { get; init; } = TimeSpan.FromMinutes(5);

    public PartitionLimits Limits { get; init; } = new();

    /// <summary>The node's book of active series; null: nobody counts.</summary>
    public Cardinality.SeriesAccounts? Accounts { get; init; }
}
