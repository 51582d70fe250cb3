using System.Collections.Immutable;

namespace ActorMon.Replication.Deletions;

/// <param name="Selectors">Series selectors as PromQL text; a series that one of them selects is meant.</param>
/// <param name="From">Milliseconds, inclusive.</param>
/// <param name="To">Milliseconds, inclusive.</param>
public sealed record DeletionRequest(ImmutableArray<string> Selectors, long From, long To)
{
    /// <summary>Names the deletion: sent again it is the same one. Of one that takes another back: the other's.</summary>
    public Guid Id { get; init; }

    /// <summary>True: takes the deletion of this id back, as far as no copy has rewritten it. Selectors and times are empty.</summary>
    public bool IsUndo { get; init; }

    /// <summary>When it was asked for, Unix ms.</summary>
    public long Created { get; init; }

    public bool IsSame(DeletionRequest other) => Id != Guid.Empty && Id == other.Id && IsUndo == other.IsUndo;
}

/// <param name="Version">1, 2, 3 ... in the cluster.</param>
public sealed record Deletion(long Version, DeletionRequest Request);

/// <summary>
/// The cluster's deletions in their order. A copy applies them in order and keeps the version it has come to. While the log has an entry it stands as a filter:
/// batches, merges and repairs that arrive later are filtered as well, so copies that see a batch before and after the deletion end up equal. Copies compare and
/// merge content only at equal versions.
/// </summary>
/// <param name="Pruned">Version up to which entries are forgotten, because every known copy has applied them.</param>
public sealed record DeletionLog(long Pruned, ImmutableArray<Deletion> Entries)
{
    /// <summary>Most entries kept; a further deletion is refused until every copy has caught up.</summary>
    public const int MaxEntries = 4096;

    public static readonly DeletionLog Empty = new(0, []);

    /// <summary>The last deletion's version; copies that have applied it may be compared.</summary>
    public long Version => Pruned + Entries.Length;

    public bool IsFull => Entries.Length >= MaxEntries;

    public Deletion Next(DeletionRequest request) => new(Version + 1, request);

    public DeletionLog Append(Deletion deletion) => deletion.Version == Version + 1 ? this with { Entries = Entries.Add(deletion) } : this;

    public DeletionLog Prune(long version)
    {
        var count = (int)Math.Clamp(version - Pruned, 0, Entries.Length);
        return count == 0 ? this : new DeletionLog(Pruned + count, Entries.RemoveRange(0, count));
    }

    /// <summary>
    /// Whether content that was read from a copy may be merged: a deletion that the log has forgotten since can hide nothing of it, and the copy it was read from may not have
    /// applied it yet. What may not be merged is asked for again.
    /// </summary>
    /// <param name="version">Deletions that copy had applied for certain: those that were forgotten when it was asked.</param>
    public bool MayMerge(long version) => version >= Pruned;

    /// <summary>What a copy that has come to a version still has to apply, in order; null: the log no longer knows, the copy's content cannot be used.</summary>
    public ReadOnlyMemory<Deletion>? After(long applied) => applied < Pruned ? (ReadOnlyMemory<Deletion>?)null : Entries.AsMemory()[(int)Math.Min(applied - Pruned, Entries.Length)..];
}
