using System.Collections.Immutable;

namespace ActorMon.Replication.Digests;

/// <summary>A wall-aligned window of time and a bucket of series: the unit that copies compare and repair.</summary>
/// <param name="Window">Start time divided by the window's length, rounded down.</param>
/// <param name="Bucket">0 .. <see cref="ContentDigest.Buckets"/> - 1, from the series' StableHash.</param>
public readonly record struct DigestCell(long Window, int Bucket);

/// <summary>The content of one cell: how many samples, and the sum of their hashes, which does not depend on order.</summary>
public readonly record struct CellDigest(long Samples, ulong Sum)
{
    public CellDigest Add(ulong sampleHash) => new(Samples + 1, unchecked(Sum + sampleHash));
}

/// <summary>
/// Canonical digest of a copy's content: equal sets of (series, time, value) give equal digests however they are stored. Covers what deletions up to
/// <see cref="DeletionVersion"/> and the retention floor leave; two digests are comparable at equal versions and floors only.
/// </summary>
public sealed record ContentDigest(long DeletionVersion, long RetentionFloor, ImmutableSortedDictionary<long, ImmutableSortedDictionary<int, CellDigest>> Windows)
{
    public const int Buckets = 64;
    public const long DefaultWindowMs = 2 * 60 * 60 * 1000;

    public static DigestCell CellOf(ulong seriesHash, long timeMs, long windowMs = DefaultWindowMs) =>
        new(timeMs >= 0 ? timeMs / windowMs : (timeMs - windowMs + 1) / windowMs, (int)(seriesHash % Buckets));

    /// <summary>The hash of one sample in its cell: series, time and the bits of its value (of a histogram: a hash of its content), mixed so that sums do not cancel.</summary>
    public static ulong SampleHash(ulong seriesHash, long timeMs, ulong valueBits)
    {
        // The finaliser of SplitMix64 after each part.
        var hash = Mix(seriesHash + 0x9E3779B97F4A7C15);
        hash = Mix(hash ^ unchecked((ulong)timeMs));
        return Mix(hash ^ valueBits);
    }

    public static ContentDigest Of(long deletionVersion, long retentionFloor, IEnumerable<KeyValuePair<DigestCell, CellDigest>> cells) =>
        new(deletionVersion, retentionFloor, cells.GroupBy(c => c.Key.Window).ToImmutableSortedDictionary(w => w.Key, w => w.ToImmutableSortedDictionary(c => c.Key.Bucket, c => c.Value)));

    public bool IsComparableTo(ContentDigest other) => DeletionVersion == other.DeletionVersion && RetentionFloor == other.RetentionFloor;

    /// <summary>Cells in which the other one has something that this one may lack: all that differ and are not empty there, ascending.</summary>
    public List<DigestCell> CellsToFetchFrom(ContentDigest other)
    {
        var cells = new List<DigestCell>();
        foreach (var (window, buckets) in other.Windows)
        {
            var mine = Windows.GetValueOrDefault(window);
            foreach (var (bucket, digest) in buckets)
                if (digest.Samples > 0 && (mine is null || mine.GetValueOrDefault(bucket) != digest))
                    cells.Add(new DigestCell(window, bucket));
        }
        return cells;
    }

    private static ulong Mix(ulong x)
    {
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
        return x ^ (x >> 31);
    }
}
