using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Copies;

/// <summary>
/// What a holder itself knows of its copy beside the map. Each fact names the state of the map (its epoch <see cref="CopyRecord.Since"/>) that it is about, so it ends by
/// itself when the map goes on. A new life of the node starts with none.
/// </summary>
/// <param name="Failed">The storage failed: nothing is taken and nothing is called complete until it was repaired, whatever the map says.</param>
/// <param name="SteppedOut">The state in which the copy stepped out, because it was asked to or because the storage failed; 0: none. Not taken back within that state.</param>
/// <param name="Filled">The joining state in which everything was copied, 0: none.</param>
/// <param name="Verified">The confirming state in which the comparison was done, 0: none.</param>
/// <param name="Merged">Awaited copies that were merged, with the state they were in.</param>
public sealed record CopyFacts(NodeIncarnation Self, bool Failed, long SteppedOut, long Filled, long Verified, ImmutableHashSet<CopyStint> Merged)
{
    public static CopyFacts Start(NodeIncarnation self) => new(self, false, 0, 0, 0, []);

    /// <summary>Applies what the holder has done.</summary>
    public CopyFacts Apply(CopyEvent happened) => happened switch
    {
        StorageFailed => this with { Failed = true },
        StorageRepaired => this with { Failed = false },
        SteppedAside e => this with { SteppedOut = e.Since },
        FilledFrom e => this with { Filled = e.Since },
        VerifiedWith e => this with { Verified = e.Since },
        MergedFrom e => this with { Merged = Merged.Where(m => m.Slot != e.Awaited.Slot).Append(e.Awaited).ToImmutableHashSet() },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "an event a copy does not know"),
    };
}

/// <summary>Something the holder of a copy has done or met.</summary>
public abstract record CopyEvent;

public sealed record StorageFailed : CopyEvent;

public sealed record StorageRepaired : CopyEvent;

/// <summary>No batch is taken and no read called complete any more in the state of this epoch.</summary>
public sealed record SteppedAside(long Since) : CopyEvent;

/// <summary>Everything that a copy in sync had was merged, in the joining state of this epoch.</summary>
public sealed record FilledFrom(long Since) : CopyEvent;

/// <summary>Compared with a copy in sync that had seen this epoch, and merged what differed.</summary>
public sealed record VerifiedWith(long Since) : CopyEvent;

/// <summary>Everything that an awaited copy holds was merged.</summary>
public sealed record MergedFrom(CopyStint Awaited) : CopyEvent;
