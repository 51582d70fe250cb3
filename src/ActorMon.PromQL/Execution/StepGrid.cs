namespace ActorMon.PromQL.Execution;

/// <summary>The times a part of a query is evaluated at: Start, Start + Step ... up to End (ms). Count is 0 when End lies before Start.</summary>
internal readonly record struct StepGrid(long Start, long End, long Step)
{
    /// <summary>Columns are allocated for a whole grid: beyond this many steps (a subquery of years by milliseconds) the query fails as one that loads too much.</summary>
    public const long MaxSteps = 10_000_000;

    public int Count { get; } = CountOf(Start, End, Step);

    public static StepGrid Instant(long time) => new(time, time, 1);

    public long TimeAt(int step) => Start + (step * Step);

    public long Last => TimeAt(Count - 1);

    /// <summary>The first step alone.</summary>
    public StepGrid First => Instant(Start);

    private static int CountOf(long start, long end, long step)
    {
        if (end < start)
            return 0;
        var steps = ((end - start) / step) + 1;
        if (steps is > MaxSteps or < 0)
            QueryFailure.ThrowTooManySamples(MaxSteps, "steps of one subquery");
        return (int)steps;
    }
}
