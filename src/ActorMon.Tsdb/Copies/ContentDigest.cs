using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Snapshots;

namespace ActorMon.Tsdb.Copies;

/// <summary>
/// Digests of what readers of a partition see: independent of how it is stored (head, parts, merged or not), so copies that were written and compacted differently compare
/// equal. The content of a series in a window is its labels' StableHash, its times and the bits of its values (XXH128); a histogram counts without its counter reset hint,
/// which follows from its neighbours. Part of what nodes of one cluster compare: changing it needs another version.
/// </summary>
public static class ContentDigest
{
    /// <summary>Length of a window, ms.</summary>
    public const long WindowMs = 2 * 3_600_000;

    /// <summary>Series are spread over so many digests a window, so that a repair moves a share of it.</summary>
    public const int Buckets = 8;

    /// <summary>Version of the content that is hashed.</summary>
    public const int Version = 1;

    /// <summary>
    /// Of everything visible with min &lt;= t &lt;= max (Unix ms), ascending by window and bucket; empty windows are left out. A window that lies in one part is taken from what
    /// the part noted when it was written; of the others every sample is read. Any thread.
    /// </summary>
    /// <param name="checkPages">Also the pages behind noted digests are read and held against their checksums; what is damaged counts as missing.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<WindowDigest> Of(PartitionView view, long min, long max, CancellationToken cancellation, bool checkPages = false)
    {
        min = Math.Max(min, view.MinTime.Value);
        max = Math.Min(max, view.MaxTime.Value);
        if (min > max)
            return [];
        var noted = NotedDigests.Of(view, min, max, part => !checkPages || part.CheckPages(min, max, cancellation) == 0);
        var sums = new DigestSums();
        var buffer = new SampleBuffer();
        foreach (var (from, to) in noted.Rest(min, max))
            // In stretches, so that the samples of one series that are in memory at once are those of some days.
            foreach (var (start, end) in SnapshotWindows.Of(from, to))
                AddStretch(view, Math.Max(from, start), Math.Min(to, end - 1), sums, buffer, cancellation);
        // The view keeps the parts open.
        GC.KeepAlive(view);
        return [.. noted.All.Concat(sums.All).OrderBy(d => d.WindowStart).ThenBy(d => d.Bucket)];
    }

    private static void AddStretch(PartitionView view, long min, long max, DigestSums sums, SampleBuffer buffer, CancellationToken cancellation)
    {
        using var selection = view.Select(new SeriesRequest([], new TimestampMs(min), new TimestampMs(max)));
        for (var i = 0; i < selection.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Read(i, buffer);
            if (buffer.Count > 0)
                sums.Add(StableHash.Of(selection.LabelsAt(i)), buffer);
        }
    }
}
