using System.Collections.Immutable;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Copies;

/// <summary>What the holder of a copy has to do next.</summary>
public abstract record CopyDuty;

/// <summary>Tell the control singleton; again until its map shows it.</summary>
public sealed record Tell(MapCommand Report) : CopyDuty;

/// <summary>Copy everything from one of the sources (any of them, another one after a failure), then apply <see cref="FilledFrom"/>.</summary>
public sealed record Fill(CopyStint Copy, ImmutableArray<CopyRecord> Sources) : CopyDuty;

/// <summary>
/// Ask one of the sources for its digests and positions, taken by its writer after it has seen the partition's epoch <c>Copy.Since</c> (<see cref="CopyGate.MayConfirm"/>);
/// fetch and merge what differs, take over its positions, then apply <see cref="VerifiedWith"/>.
/// </summary>
public sealed record Verify(CopyStint Copy, ImmutableArray<CopyRecord> Sources) : CopyDuty;

/// <summary>Copy everything from a returned copy that the partition waits for, then apply <see cref="MergedFrom"/>.</summary>
public sealed record MergeReturned(CopyStint Awaited) : CopyDuty;

/// <summary>Stop to take batches and to call reads complete: apply <see cref="SteppedAside"/>, then do the next duty.</summary>
public sealed record StepAside(CopyStint Copy) : CopyDuty;

/// <summary>Delete the files (renamed first, so that a half-deleted copy is never found), then tell <see cref="CopyDropped"/>.</summary>
public sealed record DeleteFiles(CopyStint Copy) : CopyDuty;

/// <summary>
/// The holder's side of the protocol by levels: the duty follows from the map and the facts alone, so it does not matter which message was lost or came twice. To be
/// asked after each change of either and about every second.
/// </summary>
public static class CopyDuties
{
    /// <param name="heldEpoch">
    /// Highest epoch noted on the copy's disk, null without files. A holder makes the files of a copy that gets batches and notes the epoch before it acts on it.
    /// </param>
    /// <param name="deletionsApplied">The copy has applied every deletion of the map's log: no copy enters before.</param>
    public static ImmutableArray<CopyDuty> Of(PartitionId id, PartitionState partition, CopyFacts facts, long? heldEpoch, bool deletionsApplied)
    {
        if (partition.HeldBy(facts.Self) is not { } copy)
            return [];
        var stint = CopyStint.Of(id, copy);
        // Told once, it holds until the map goes on, also when the storage is repaired meanwhile: the map may have taken the copy out already.
        if (copy.IsReceiver && facts.SteppedOut == copy.Since)
            return [new Tell(new SteppedOut(stint, facts.Failed))];
        if (copy.IsReceiver && facts.Failed)
            return [new StepAside(stint)];
        switch (copy.State)
        {
            case CopyState.Opening:
                return heldEpoch >= copy.Since ? TellWhenDeleted(new Verified(stint)) : [];
            case CopyState.Joining:
                return facts.Filled == copy.Since ? TellWhenDeleted(new CaughtUp(stint)) : FromInSync(sources => new Fill(stint, sources));
            case CopyState.Confirming:
                return facts.Verified == copy.Since ? TellWhenDeleted(new Verified(stint)) : FromInSync(sources => new Verify(stint, sources));
            case CopyState.InSync when copy.Admitted == 0 && heldEpoch >= copy.Since:
                return [new Tell(new Verified(stint))];
            case CopyState.InSync:
                return [.. partition.Copies.Where(c => c.State == CopyState.Returned && !copy.HasMerged(c.Slot)).Select(MergeOrTell)];
            case CopyState.Leaving:
                return [new StepAside(stint)];
            case CopyState.Faulted or CopyState.Lost when !facts.Failed && heldEpoch is { } epoch && epoch >= copy.Admitted:
                return [new Tell(new CopyRepaired(stint, epoch))];
            case CopyState.Dropping:
                return [new DeleteFiles(stint)];
            default:
                return [];
        }

        ImmutableArray<CopyDuty> TellWhenDeleted(MapCommand report) => deletionsApplied ? [new Tell(report)] : [];

        ImmutableArray<CopyDuty> FromInSync(Func<ImmutableArray<CopyRecord>, CopyDuty> duty)
        {
            ImmutableArray<CopyRecord> sources = [.. partition.InSync];
            return sources.IsEmpty ? [] : [duty(sources)];
        }

        CopyDuty MergeOrTell(CopyRecord returned)
        {
            var awaited = CopyStint.Of(id, returned);
            return facts.Merged.Contains(awaited) ? new Tell(new MergedAwaited(stint, awaited)) : new MergeReturned(awaited);
        }
    }
}
