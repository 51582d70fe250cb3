namespace ActorMon.Replication.Copies;

/// <summary>What of its map a writer went by when it sent a batch. Sent again, a batch that was not acknowledged goes by the map of then.</summary>
/// <param name="Epoch">The partition's epoch.</param>
/// <param name="Forgotten">The version up to which the map had forgotten deletions (<see cref="Deletions.DeletionLog.Pruned"/>).</param>
public readonly record struct BatchTerms(long Epoch, long Forgotten);
