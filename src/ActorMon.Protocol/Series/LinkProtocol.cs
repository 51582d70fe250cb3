using ActorMon.Model.Ingest;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Series;

/// <summary>Messages between the IngestLink of a node and its links to other nodes; all stay in the process.</summary>
public static class LinkProtocol
{
    /// <summary>Hands a numbered batch to the link to the node that holds the replica. It keeps it until the node has answered and then tells <see cref="SeriesProtocol.Written"/>.</summary>
    /// <param name="Stay">The stay of the replica for which an answer is wanted.</param>
    /// <param name="Forgotten">Deletions forgotten by the map that it is handed over by, however long it waits then (<see cref="Replication.Copies.BatchTerms"/>).</param>
    public sealed record Forward(ReplicaId Replica, long Stay, SampleBatch Batch, long Forgotten = 0) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>The node does not hold the replica any more: what waits for it is dropped without an answer.</summary>
    public sealed record Forget(ReplicaId Replica) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
