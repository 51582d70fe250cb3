using ActorMon.Model.Matchers;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Protocol.Series;

/// <summary>
/// Changes to what is stored, asked of the node's StorageAdmin: it asks every partition of the node at once, waits for all of them up to a deadline and answers once,
/// with <see cref="AdminDone"/>. All of it stays in the process.
/// </summary>
public static class StorageAdminProtocol
{
    /// <summary>Something the StorageAdmin does.</summary>
    public interface IAdminRequest;

    /// <summary>Hides the samples of all series that match any selector, with Min &lt;= t &lt;= Max (Unix ms); the same Id twice is one deletion.</summary>
    public sealed record DeleteSeries(Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, long Min, long Max) : IAdminRequest, INoSerializationVerificationNeeded;

    /// <summary>Shows again what a deletion hid, as far as it is not rewritten. Changed 0: nobody knows it.</summary>
    public sealed record UndoDeletion(Guid Id) : IAdminRequest, INoSerializationVerificationNeeded;

    /// <summary>Rewrites whatever holds deleted samples, so that their space is given back.</summary>
    public sealed record CleanDeletions : IAdminRequest, INoSerializationVerificationNeeded
    {
        public static readonly CleanDeletions Instance = new();
    }

    /// <summary>Writes all partitions into a directory of their own that a node can start on.</summary>
    public sealed record TakeSnapshot(bool SkipHead) : IAdminRequest, INoSerializationVerificationNeeded;

    /// <param name="Changed">Partitions in which something changed.</param>
    /// <param name="Error">Null: done everywhere. Else what was not done; partitions that are not named in it have done their share.</param>
    /// <param name="Name">The snapshot's directory.</param>
    public sealed record AdminDone(int Changed, string? Error, string? Name = null) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    public sealed record DeleteInReplica(ReplicaId Replica, DeleteSeries Request, IActorRef ReplyTo) : IReplicaMessage, INoSerializationVerificationNeeded;

    public sealed record UndoInReplica(ReplicaId Replica, UndoDeletion Request, IActorRef ReplyTo) : IReplicaMessage, INoSerializationVerificationNeeded;

    public sealed record CleanReplica(ReplicaId Replica, IActorRef ReplyTo) : IReplicaMessage, INoSerializationVerificationNeeded;

    /// <summary>What one replica did.</summary>
    public sealed record ReplicaDone(ReplicaId Replica, bool Changed, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
