namespace ActorMon.Actors.Journal;

/// <param name="Prepare">Makes the database ready; called before every start of a writer, cheap once it has succeeded.</param>
/// <param name="SnapshotAfter">Events after which the owner's state replaces them (actormon.persistence.snapshot-after).</param>
/// <param name="MaxOutbox">Events that wait while the database is away (actormon.persistence.max-outbox); further ones are refused.</param>
/// <param name="Backoff">Between tries to reach the database again.</param>
public sealed record JournalSettings(Func<CancellationToken, Task> Prepare, int SnapshotAfter, int MaxOutbox, Backoff Backoff, JournalMetrics Metrics);
