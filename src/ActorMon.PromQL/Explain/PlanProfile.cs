using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Explain;

/// <summary>Collects what the nodes of one plan cost while they are evaluated by one thread.</summary>
internal sealed class PlanProfile(TimeProvider time)
{
    private readonly Dictionary<PlanNode, NodeCost> _costs = new(ReferenceEqualityComparer.Instance);

    public NodeCost Of(PlanNode node)
    {
        if (!_costs.TryGetValue(node, out var cost))
            _costs.Add(node, cost = new NodeCost(time));
        return cost;
    }

    /// <summary>The plan with the costs known; without a profile the plan alone.</summary>
    /// <param name="elsewhere">What other nodes did of a part; it took none of this part's time.</param>
    public static PlanReport Report(PlanNode plan, PlanProfile? profile, Func<PlanNode, IReadOnlyList<PlanReport>>? elsewhere = null) => ReportWithin(plan, profile, elsewhere).Report;

    /// <returns>The part, with the time and the memory of what was measured in it or below it.</returns>
    private static (PlanReport Report, TimeSpan Time, long Held) ReportWithin(PlanNode plan, PlanProfile? profile, Func<PlanNode, IReadOnlyList<PlanReport>>? elsewhere)
    {
        var children = new List<PlanReport>(plan.Children.Count);
        var (time, held) = (TimeSpan.Zero, 0L);
        foreach (var child in plan.Children)
        {
            var (report, below, heldBelow) = ReportWithin(child, profile, elsewhere);
            children.Add(report);
            (time, held) = (time + below, held + heldBelow);
        }
        if (elsewhere is not null)
            children.AddRange(elsewhere(plan));
        if (profile is null || !profile._costs.TryGetValue(plan, out var seen))
            return (new PlanReport(plan.Describe(), null, children), time, held);
        var own = seen.Time > time ? seen.Time - time : TimeSpan.Zero;
        var cost = new PlanCost(seen.Time, own, seen.Series, seen.Samples, seen.Given + Math.Max(0, seen.Held - held));
        return (new PlanReport(plan.Describe(), cost, children), seen.Time, Math.Max(seen.Held, held));
    }
}

/// <summary>Running sums of one node.</summary>
internal sealed class NodeCost(TimeProvider clock)
{
    private long _ticks;

    public TimeSpan Time => clock.GetElapsedTime(0, _ticks);
    public long Series { get; set; }
    public long Samples { get; set; }

    /// <summary>Bytes of the columns or samples that it gave.</summary>
    public long Given { get; set; }

    /// <summary>By how much the memory reserved grew while it worked, those below it included.</summary>
    public long Held { get; set; }

    public long Start() => clock.GetTimestamp();

    public void Stop(long started) => _ticks += clock.GetTimestamp() - started;
}
