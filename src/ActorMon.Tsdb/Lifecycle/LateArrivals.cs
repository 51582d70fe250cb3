namespace ActorMon.Tsdb.Lifecycle;

/// <summary>When late samples are cut although no window has ended.</summary>
public sealed record CutThresholds
{
    /// <summary>So many of them in the partition's head.</summary>
    public long Samples { get; init; } = 1_000_000;

    /// <summary>None came for so long.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The first came so long ago.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Samples that came for windows that were cut already, since the last cut.</summary>
public struct LateArrivals
{
    private long _first;
    private long _last;

    public long Samples { get; private set; }

    /// <param name="now">Unix ms by the store's clock.</param>
    public void Add(long samples, long now)
    {
        if (Samples == 0)
            _first = now;
        _last = now;
        Samples += samples;
    }

    public readonly bool IsDue(long now, CutThresholds thresholds) =>
        Samples > 0 && (Samples >= thresholds.Samples || now - _last >= (long)thresholds.Quiet.TotalMilliseconds || now - _first >= (long)thresholds.Age.TotalMilliseconds);
}
