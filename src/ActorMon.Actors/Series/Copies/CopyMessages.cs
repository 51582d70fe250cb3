using ActorMon.Model.Ingest;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Parts;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Series.Copies;

/// <summary>Puts parts of another copy in force; answered with <see cref="CopyAdopted"/>. To the replica's actor, in process.</summary>
/// <param name="Store">The store that they were written for; another one, opened since, has found them on disk already.</param>
/// <param name="Beside">Exemplars and metadata.</param>
/// <param name="Deletions">Version of the cluster's deletions that the other copy had applied for certain.</param>
public sealed record AdoptCopy(
    PartitionStore Store, IReadOnlyList<PartFile> Parts, IReadOnlyList<SampleBatch> Beside, IReadOnlyDictionary<WriterId, long> Positions, long Deletions) : INoSerializationVerificationNeeded;

/// <param name="Error">Null: done.</param>
public sealed record CopyAdopted(string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Answered by the replica's actor with <see cref="WriterPassed"/> when every batch that it let pass before is written and visible.</summary>
public sealed record PassWriter : INoSerializationVerificationNeeded
{
    public static readonly PassWriter Instance = new();
}

public sealed record WriterPassed : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly WriterPassed Instance = new();
}

/// <summary>The cluster's log of deletions has grown, or may forget.</summary>
public sealed record FollowDeletions : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly FollowDeletions Instance = new();
}

/// <summary>The copy is given up: its entity stops for good, by the way of sharding.</summary>
public sealed record StopCopy : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly StopCopy Instance = new();
}
