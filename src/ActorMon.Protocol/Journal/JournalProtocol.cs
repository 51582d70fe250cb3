using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Journal;

/// <summary>
/// Between an actor that decides and the journal that persists for it; all of it stays in the process.
/// Order: RecoveryStarted, Recovered..., RecoveryEnded; then Persist -> Persisted, any number of them at once, acknowledged in order.
/// </summary>
public static class JournalProtocol
{
    /// <summary>Recovery begins, perhaps again after a failure: what was recovered before counts no more.</summary>
    public sealed record RecoveryStarted : INoSerializationVerificationNeeded
    {
        public static readonly RecoveryStarted Instance = new();
    }

    /// <summary>A state, always the first, or an event.</summary>
    public sealed record Recovered(JournalRecord Record, bool IsState) : INoSerializationVerificationNeeded;

    /// <param name="Records">Events and states that were recovered; 0: the journal has nothing of this actor.</param>
    public sealed record RecoveryEnded(long Records) : INoSerializationVerificationNeeded;

    /// <param name="Number">The owner's own, growing by one from 1.</param>
    /// <param name="Records">At least one; all of them are persisted or none.</param>
    public sealed record Persist(long Number, IReadOnlyList<JournalRecord> Records) : INoSerializationVerificationNeeded;

    /// <summary>Everything up to this number is durable.</summary>
    public sealed record Persisted(long Number) : INoSerializationVerificationNeeded;

    /// <summary>The outbox is full; nothing of it was kept.</summary>
    public sealed record NotPersisted(long Number, string Error) : INoSerializationVerificationNeeded;

    /// <summary>Asks for the state, so that older events can go.</summary>
    public sealed record GetState : INoSerializationVerificationNeeded
    {
        public static readonly GetState Instance = new();
    }

    /// <param name="Through">The last number whose events are in the state.</param>
    public sealed record TakeState(long Through, JournalRecord State) : INoSerializationVerificationNeeded;

    /// <summary>Told at every change.</summary>
    /// <param name="Behind">Events handed over that are not durable yet.</param>
    /// <param name="Error">Null: the journal works.</param>
    public sealed record JournalState(int Behind, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly JournalState Starting = new(0, "recovering");
    }

    /// <summary>Another actor has written to the same journal: the owner of this one is not the only one and must begin again from what is there.</summary>
    public sealed record JournalTaken(string PersistenceId) : INoSerializationVerificationNeeded;
}
