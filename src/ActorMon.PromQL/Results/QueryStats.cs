namespace ActorMon.PromQL.Results;

/// <summary>
/// What a query cost. Samples count as the peer counts them: a float is one, a native histogram as many as floats fit into it.
/// <paramref name="TotalQueryableSamples"/>: samples seen by every step (a window's samples count at each step they are in);
/// <paramref name="SamplesRead"/>: each sample of a window once; <paramref name="PeakSamples"/>: most samples held at one time.
/// </summary>
public sealed record QueryStats(long TotalQueryableSamples, long SamplesRead, long PeakSamples, TimeSpan Planning, TimeSpan Selecting, TimeSpan Evaluating)
{
    public static readonly QueryStats None = new(0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Most bytes reserved at one time.</summary>
    public long PeakBytes { get; init; }

    /// <summary>By step of the query when asked for (a range query otherwise has one entry for all): each step's share of <see cref="TotalQueryableSamples"/> and of <see cref="SamplesRead"/>.</summary>
    public IReadOnlyList<long>? TotalPerStep { get; init; }
    public IReadOnlyList<long>? ReadPerStep { get; init; }

    public TimeSpan Total => Planning + Selecting + Evaluating;
}
