using ActorMon.Replication.Copies;

namespace ActorMon.Protocol.Series;

/// <summary>Whether a copy takes a batch.</summary>
/// <param name="Stay">The copy's stay by this node's map; the answer to the batch counts for it.</param>
/// <param name="Reason">Why not; null when it does.</param>
public readonly record struct BatchAdmission(bool IsTaken, long Stay, string? Reason = null);

/// <summary>
/// What this node's map lets its copies take. Asked by the copy's single writer, for each batch just before it is written, so an answer never outlives the map it was
/// given by.
/// </summary>
public interface IBatchGate
{
    /// <param name="followed">Deletions of the cluster that the copy has applied.</param>
    /// <param name="sent">What the sender went by.</param>
    BatchAdmission Admit(ReplicaId replica, long followed, BatchTerms sent);
}

/// <summary>A node without a map takes everything.</summary>
public sealed class OpenGate : IBatchGate
{
    public static readonly OpenGate Instance = new();

    public BatchAdmission Admit(ReplicaId replica, long followed, BatchTerms sent) => new(true, 0);
}
