namespace ActorMon.PromQL.Results;

/// <summary>A query that has not been answered yet.</summary>
/// <param name="Id">Names it until it is answered; never used again by this process.</param>
/// <param name="Started">When it came in.</param>
/// <param name="Age">Since then, waiting included.</param>
/// <param name="IsRunning">False: it waits for a place.</param>
public sealed record RunningQuery(long Id, QueryRequest Request, DateTimeOffset Started, TimeSpan Age, TimeSpan Timeout, bool IsRunning);
