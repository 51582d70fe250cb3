namespace ActorMon.PromQL.Execution;

/// <summary>The times a part of a query is evaluated at: Start, Start + Step ... up to End (ms). Count is 0 when End lies before Start.</summary>
internal readonly record struct StepGrid(long Start, long End, long Step)
{
    public int Count { get; } = End < Start ? 0 : checked((int)((End - Start) / Step) + 1);

    public static StepGrid Instant(long time) => new(time, time, 1);

    public long TimeAt(int step) => Start + (step * Step);

    public long Last => TimeAt(Count - 1);

    /// <summary>The first step alone.</summary>
    public StepGrid First => Instant(Start);
}
