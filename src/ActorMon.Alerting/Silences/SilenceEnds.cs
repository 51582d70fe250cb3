namespace ActorMon.Alerting.Silences;

/// <summary>When people are told that a silence is about to end.</summary>
public static class SilenceEnds
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>True in its last hour, of a short one in its last quarter. One that ends with its alerts is not warned of: nothing is let out.</summary>
    public static bool IsSoon(Silence silence, DateTimeOffset now)
    {
        if (silence.UntilResolved || silence.StateAt(now) != SilenceState.Active)
            return false;
        var quarter = (silence.EndsAt - silence.StartsAt) / 4;
        return silence.EndsAt - now <= (quarter < Longest ? quarter : Longest);
    }
}
