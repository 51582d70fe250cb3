namespace ActorMon.Simulation.Tests;

/// <summary>A rule of the protocol that a run leaves out, to show that the simulator would notice.</summary>
public enum BrokenRule
{
    None,

    /// <summary>Holders take batches of any epoch, and serve a confirming copy whatever epoch they have seen.</summary>
    Fence,

    /// <summary>A confirming copy says that it compared itself without doing so.</summary>
    Comparison,

    /// <summary>A copy is called in sync as soon as it is filled, without the state in which writers wait for it.</summary>
    Confirming,

    /// <summary>The last copy in sync is not remembered when its node goes.</summary>
    LastCopy,

    /// <summary>Holders acknowledge and call reads complete without a majority's answer.</summary>
    Lease,

    /// <summary>A removal is decided at once, although the removed node's lease may hold.</summary>
    RemovalGate,

    /// <summary>Files are granted without counting who else is in sync.</summary>
    Grant,

    /// <summary>A copy that stepped out because its storage failed goes on as soon as that is repaired, whatever it has told.</summary>
    StepOut,

    /// <summary>A comparison made before an awaited copy was merged counts.</summary>
    ComparedAnew,

    /// <summary>A restarted node's copies are in sync as they were before.</summary>
    RestartedInSync,

    /// <summary>A copy that comes back enters without the deletions that it has missed.</summary>
    MissedDeletions,

    /// <summary>Content that was read from a copy before a deletion is merged after every copy has applied it.</summary>
    ForgottenDeletions,

    /// <summary>A batch that was sent before deletions were forgotten is taken after it.</summary>
    LateBatches,

    /// <summary>A copy from before deletions that were forgotten takes batches, and is made anew then.</summary>
    ForgottenCopies,
}

/// <param name="Seed">Decides everything.</param>
/// <param name="FaultsMs">Virtual time with faults; then everything is healed.</param>
/// <param name="HealMs">Virtual time within which everything must have converged after that.</param>
public sealed record SimulationOptions(ulong Seed, BrokenRule Broken = BrokenRule.None, long FaultsMs = 60_000, long HealMs = 150_000)
{
    public const int Partitions = 2;
    public const int MaxNodes = 5;
}

/// <param name="Violation">Null: every invariant held.</param>
public sealed record SimulationResult(ulong Seed, string? Violation, int Acknowledged, int CompleteReads, int PartialReads, long ConvergedAfterMs, int Events)
{
    public override string ToString() =>
        $"seed {Seed}: {Violation ?? "held"}; {Acknowledged} acknowledged, {CompleteReads} complete and {PartialReads} partial reads, converged after {ConvergedAfterMs} ms, {Events} events";
}
