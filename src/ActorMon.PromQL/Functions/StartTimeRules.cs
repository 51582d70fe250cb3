namespace ActorMon.PromQL.Functions;

/// <summary>What start timestamps (0: unknown) tell of two neighbouring samples of a counter.</summary>
internal static class StartTimeRules
{
    /// <summary>
    /// True when the later sample began a new count: it started after the sample before, or exactly at it when that one has a sensible start of its own (deltas);
    /// without such a start it is a count whose beginning is unknown.
    /// </summary>
    public static bool IsReset(long previousStart, long previousTime, long start, long time)
    {
        if (start == 0 || start >= time || start < previousTime)
            return false;
        return start > previousTime || (previousStart != 0 && previousStart < previousTime);
    }

    /// <summary>True when a sample claims to count from before the sample it follows without continuing it.</summary>
    public static bool Overlaps(long previousStart, long previousTime, long start) => start != 0 && start < previousTime && start != previousStart;
}
