namespace ActorMon.PromQL.Explain;

/// <summary>What one part of a plan cost, the parts below included where not said otherwise.</summary>
/// <param name="Time">Of this part with those below it.</param>
/// <param name="OwnTime">Of this part alone.</param>
/// <param name="Series">Series it gave that had a value at some step.</param>
/// <param name="Samples">Values it gave; of a selector the samples it read.</param>
/// <param name="Bytes">Of this part alone: the columns that it gave, and by how much the memory it reserved grew while it worked.</param>
public sealed record PlanCost(TimeSpan Time, TimeSpan OwnTime, long Series, long Samples, long Bytes);

/// <summary>One part of a query's plan after all rewrites. Cost: with ANALYZE; null for parts that were not evaluated by themselves.</summary>
public sealed record PlanReport(string Operation, PlanCost? Cost, IReadOnlyList<PlanReport> Children);
