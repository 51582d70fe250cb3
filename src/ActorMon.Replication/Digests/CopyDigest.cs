using System.Collections.Immutable;

namespace ActorMon.Replication.Digests;

/// <summary>A wall-aligned window of time and a bucket of series: the unit that copies compare and repair.</summary>
/// <param name="WindowStart">Milliseconds, a multiple of the window's length.</param>
/// <param name="Bucket">By the series' StableHash.</param>
public readonly record struct DigestCell(long WindowStart, int Bucket) : IComparable<DigestCell>
{
    public int CompareTo(DigestCell other) => WindowStart != other.WindowStart ? WindowStart.CompareTo(other.WindowStart) : Bucket.CompareTo(other.Bucket);
}

/// <summary>The content of one cell as the storage sums it up: independent of order and of how it is stored.</summary>
public readonly record struct CellDigest(UInt128 Hash, long Samples);

/// <summary>
/// What a copy holds, cell by cell: equal content gives equal digests. Covers what deletions up to <see cref="DeletionVersion"/> and the retention floor leave; two are
/// comparable at equal versions and floors only.
/// </summary>
public sealed record CopyDigest(long DeletionVersion, long RetentionFloor, ImmutableSortedDictionary<DigestCell, CellDigest> Cells)
{
    public bool IsComparableTo(CopyDigest other) => DeletionVersion == other.DeletionVersion && RetentionFloor == other.RetentionFloor;

    /// <summary>Cells in which the other one has something that this one may lack: all that differ and are not empty there, ascending.</summary>
    public List<DigestCell> CellsToFetchFrom(CopyDigest other)
    {
        var cells = new List<DigestCell>();
        foreach (var (cell, digest) in other.Cells)
            if (digest.Samples > 0 && (!Cells.TryGetValue(cell, out var mine) || mine != digest))
                cells.Add(cell);
        return cells;
    }
}
