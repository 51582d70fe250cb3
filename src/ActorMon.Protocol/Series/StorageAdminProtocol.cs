using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Protocol.Series;

/// <summary>
/// Rewrites and snapshots of what is stored, asked of the node's StorageAdmin: it asks every partition of the node at once, waits for all of them up to a deadline and answers once,
/// with <see cref="AdminDone"/>. All of it stays in the process.
/// </summary>
public static class StorageAdminProtocol
{
    /// <summary>Something the StorageAdmin does.</summary>
    public interface IAdminRequest;

    /// <summary>Rewrites whatever holds deleted samples, so that their space is given back.</summary>
    public sealed record CleanDeletions : IAdminRequest, INoSerializationVerificationNeeded
    {
        public static readonly CleanDeletions Instance = new();
    }

    /// <summary>Writes the node's copies into a directory of their own that a node can start on. Time and random make its name, which is the same on all nodes.</summary>
    public sealed record TakeSnapshot(bool SkipHead, DateTimeOffset Time, long Random) : IAdminRequest, INoSerializationVerificationNeeded;

    /// <param name="Changed">Partitions in which something changed.</param>
    /// <param name="Error">Null: done everywhere. Else what was not done; partitions that are not named in it have done their share.</param>
    /// <param name="Name">The snapshot's directory.</param>
    public sealed record AdminDone(int Changed, string? Error, string? Name = null) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    public sealed record CleanReplica(ReplicaId Replica, IActorRef ReplyTo) : IReplicaMessage, INoSerializationVerificationNeeded;

    /// <summary>What one replica did.</summary>
    public sealed record ReplicaDone(ReplicaId Replica, bool Changed, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
