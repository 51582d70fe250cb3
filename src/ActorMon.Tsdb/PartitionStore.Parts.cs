namespace ActorMon.Tsdb;

/// <summary>One part in force: its number in the partition, its level, times of its samples (Unix ms, both ends inclusive) and how much it holds.</summary>
public sealed record StoredPart(long Sequence, int Level, long MinTime, long MaxTime, long Samples, int Series, long Bytes);

/// <summary>What lies on disk, for whoever asks from outside.</summary>
public sealed partial class PartitionStore
{
    /// <summary>The parts in force, by ascending time. Any thread.</summary>
    public IReadOnlyList<StoredPart> StoredParts() =>
        [.. Parts.Select(p => new StoredPart(p.Header.Sequence, p.Header.Level, p.MinTime, p.MaxTime, p.Samples, p.SeriesCount, p.Bytes))];
}
