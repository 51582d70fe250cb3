using ActorMon.Model.Ingest;

namespace ActorMon.Tsdb;

/// <summary>One partition in numbers, as they stood after the last append.</summary>
public sealed record PartitionStats
{
    public int Series { get; init; }
    public long SeriesCreated { get; init; }
    public long SeriesRemoved { get; init; }
    public int OpenLayouts { get; init; }
    public long FloatSamples { get; init; }
    public long HistogramSamples { get; init; }
    public long Exemplars { get; init; }
    public int ExemplarsHeld { get; init; }
    public long DuplicateBatches { get; init; }
    public long RefusedBatches { get; init; }
    public long Chunks { get; init; }

    /// <summary>Bytes of sealed blocks, loose chunks and the loose log.</summary>
    public long SampleBytes { get; init; }

    /// <summary>Unix ms; MinTime &gt; MaxTime: no sample.</summary>
    public long MinTime { get; init; }
    public long MaxTime { get; init; }

    public long WalBytes { get; init; }
    /// <summary>Of <see cref="WalBytes"/>: the checkpoint.</summary>
    public long CheckpointBytes { get; init; }
    public int WalSegments { get; init; }

    /// <summary>Number of the segment that was begun last; 0: none was.</summary>
    public long WalSegment { get; init; }
    public long WalBytesWritten { get; init; }
    public long WalSyncs { get; init; }
    public TimeSpan WalSyncTime { get; init; }

    /// <summary>Parts in force, their size and samples.</summary>
    public int Parts { get; init; }
    public long PartBytes { get; init; }
    public long PartSamples { get; init; }

    /// <summary>Parts found damaged or unreadable since the partition was opened.</summary>
    public int PartsDamaged { get; init; }

    /// <summary>Unix ms of the oldest sample, wherever it is; greater than the newest: there is none.</summary>
    public long OldestTime { get; init; }

    public long Cuts { get; init; }
    public long CutsFailed { get; init; }
    public long Compactions { get; init; }

    /// <summary>Those of <see cref="Compactions"/> whose inputs had samples of the same times.</summary>
    public long OverlapCompactions { get; init; }
    public long CompactionsFailed { get; init; }

    /// <summary>Times that parts left for their age, and for the room they took.</summary>
    public long TimeRetentions { get; init; }
    public long SizeRetentions { get; init; }

    /// <summary>Up to which number everything of a writer is here.</summary>
    public IReadOnlyDictionary<WriterId, long> Writers { get; init; } = new Dictionary<WriterId, long>();
}
