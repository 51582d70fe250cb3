using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Series;

/// <summary>
/// Messages of the series hierarchy: PartitionReplica (sharded, single writer of one directory) and IngestLink (per node, numbers batches and keeps them until acknowledged).
/// Order of one batch: Write -> WAL -> view published -> Written.
/// </summary>
public static class SeriesProtocol
{
    /// <summary>Goes through the shard region to one replica.</summary>
    public interface IReplicaMessage
    {
        ReplicaId Replica { get; }
    }

    /// <summary>Wakes a replica; it answers with <see cref="ReplicaServing"/> once it has recovered. Crosses nodes.</summary>
    public sealed record Touch(ReplicaId Replica) : IReplicaMessage;

    /// <summary>
    /// The replica takes batches at this reference. The session is another one after each start or restart of the replica's actor: what was handed to an
    /// earlier session is lost unless it was answered. Crosses nodes.
    /// </summary>
    public sealed record ReplicaServing(ReplicaId Replica, IActorRef Writer, long Session);

    /// <summary>The replica could not open its directory; it tries again with back-off. Crosses nodes.</summary>
    public sealed record ReplicaFailed(ReplicaId Replica, string Error);

    /// <summary>
    /// Hands a numbered batch to a replica of this node, in process; at most once within a session, so that a batch is never read after it was answered. A replica
    /// of another session does not look at it and answers with <see cref="ReplicaServing"/>.
    /// </summary>
    /// <param name="Sent">What the sender goes by.</param>
    public sealed record Write(SampleBatch Batch, long Session, BatchTerms Sent = default) : INoSerializationVerificationNeeded;

    /// <summary>What became of a batch at one replica.</summary>
    /// <param name="Stay">The stay of the replica, by its own node's map, for which the answer counts.</param>
    public sealed record Written(ReplicaId Replica, WriterId Writer, long Number, BatchOutcome Outcome, string? Error = null, long Stay = 0) : INoSerializationVerificationNeeded;

    /// <summary>Hands batches without numbers to the node's IngestLink, which answers with one <see cref="Ingested"/> when all are settled.</summary>
    public sealed record Ingest(long Correlation, IReadOnlyList<SampleBatch> Batches) : INoSerializationVerificationNeeded;

    /// <summary>The outcome of every batch, in the order of the request.</summary>
    public sealed record Ingested(long Correlation, IReadOnlyList<BatchResult> Results) : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public bool AllAccepted
        {
            get
            {
                foreach (var result in Results)
                    if (result.Outcome != BatchOutcome.Accepted)
                        return false;
                return true;
            }
        }
    }

    public readonly record struct BatchResult(BatchOutcome Outcome, string? Error);

    public enum BatchOutcome : byte
    {
        /// <summary>In the WAL and visible.</summary>
        Accepted,

        /// <summary>The replica does not know the layout, or knows another content: the writer starts a fresh layout. Nothing was stored.</summary>
        UnknownLayout,

        /// <summary>The WAL could not be written. Nothing was stored; trying again may work.</summary>
        Failed,

        /// <summary>A queue on the way is full or its replica is away for too long. Nothing was stored.</summary>
        Refused,

        /// <summary>The replica crashed at this batch each time it was written, so it was set aside. Nothing was stored; it must not be sent again.</summary>
        SetAside,

        /// <summary>
        /// The replica takes no batches sent by such a map, or none at all now. Nothing was stored; it is handed over again, by a newer map if need be. Never the outcome of a request.
        /// </summary>
        NotTaken,
    }

    /// <summary>Asks which partitions take batches now; answered with <see cref="IngestReadiness"/>.</summary>
    public sealed record GetReadiness : INoSerializationVerificationNeeded
    {
        public static readonly GetReadiness Instance = new();
    }

    public sealed record IngestReadiness(int Serving, int Partitions, IReadOnlyList<PartitionId> Missing) : INoSerializationVerificationNeeded;
}
