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
    public long WalBytesWritten { get; init; }
    public long WalSyncs { get; init; }
    public TimeSpan WalSyncTime { get; init; }

    /// <summary>Up to which number everything of a writer is here.</summary>
    public IReadOnlyDictionary<WriterId, long> Writers { get; init; } = new Dictionary<WriterId, long>();
}
