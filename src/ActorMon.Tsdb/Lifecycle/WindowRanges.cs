namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// The lengths of windows that parts have: the shortest, then three times the one before, up to the longest (the peer's series 2 h, 6 h, 18 h, 54 h ...).
/// </summary>
public sealed class WindowRanges
{
    private static readonly TimeSpan LongestDefault = TimeSpan.FromDays(31);

    private readonly long[] _lengths;

    private WindowRanges(long[] lengths) => _lengths = lengths;

    /// <summary>Ascending, ms.</summary>
    public ReadOnlySpan<long> Lengths => _lengths;

    public long Shortest => _lengths[0];

    public long Longest => _lengths[^1];

    /// <param name="shortest">At least 1 s.</param>
    /// <param name="longest">Null: the smaller of 31 days and a tenth of the retention.</param>
    /// <param name="retention">Null: everything is kept.</param>
    public static WindowRanges Of(TimeSpan shortest, TimeSpan? longest, TimeSpan? retention)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, TimeSpan.FromSeconds(1));
        var most = longest ?? (retention is { } kept && kept / 10 < LongestDefault ? kept / 10 : LongestDefault);
        var lengths = new List<long> { (long)shortest.TotalMilliseconds };
        while (lengths[^1] <= (long)most.TotalMilliseconds / 3)
            lengths.Add(lengths[^1] * 3);
        return new WindowRanges([.. lengths]);
    }
}
