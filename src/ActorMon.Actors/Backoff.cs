namespace ActorMon.Actors;

/// <summary>How long to wait before the next try of what failed: <paramref name="Min"/> the first time, then doubling up to <paramref name="Max"/>.</summary>
public readonly record struct Backoff(TimeSpan Min, TimeSpan Max)
{
    // 2^30 times the shortest useful wait is beyond every maximum; more would overflow.
    private const int MaxDoublings = 30;

    /// <param name="failures">Failures in a row before this one, from 0.</param>
    public TimeSpan After(int failures)
    {
        var wait = Min.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures, 0, MaxDoublings));
        return wait < Max.TotalMilliseconds ? TimeSpan.FromMilliseconds(wait) : Max;
    }
}
