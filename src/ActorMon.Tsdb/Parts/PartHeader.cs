using ActorMon.Model.Sharding;

namespace ActorMon.Tsdb.Parts;

/// <summary>What a part says of itself before any sample of it is read. Times in ms, windows half open.</summary>
public sealed record PartHeader
{
    public required Guid ClusterId { get; init; }

    /// <summary>P.</summary>
    public required int Partitions { get; init; }
    public required PartitionId Partition { get; init; }

    /// <summary>The file's number in its partition, never used twice.</summary>
    public required long Sequence { get; init; }

    /// <summary>0: cut from the head; one more with each compaction.</summary>
    public required int Level { get; init; }

    /// <summary>[start, end): every sample lies in it.</summary>
    public required long WindowStart { get; init; }
    public required long WindowEnd { get; init; }

    /// <summary>Parts whose content this one holds; they are deleted once it is durable.</summary>
    public IReadOnlyList<long> Replaces { get; init; } = [];

    /// <summary>Of a part cut from the head: everything before this time has left the head. 0 otherwise.</summary>
    public long CutTo { get; init; }

    /// <summary>Number of the WAL segment that begins after the cut. 0 when no cut made the part.</summary>
    public long CutSegment { get; init; }

    /// <summary>Version of the deletion log whose deletions are carried out in it.</summary>
    public long DeletionVersion { get; init; }
}
