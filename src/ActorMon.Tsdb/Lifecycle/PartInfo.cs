namespace ActorMon.Tsdb.Lifecycle;

/// <summary>What planning needs to know of a part.</summary>
/// <param name="Sequence">Its number in the partition; a greater one was written later.</param>
/// <param name="Level">1: cut from the head; one more than its inputs' greatest when it was merged.</param>
/// <param name="MinTime">Of its samples, Unix ms; both ends inclusive.</param>
/// <param name="DeletionVersion">Deletions up to this one are applied in it.</param>
public sealed record PartInfo(long Sequence, int Level, TimeWindow Window, long MinTime, long MaxTime, long Bytes, long Samples, long DeletionVersion);
