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
    public static PlanReport Report(PlanNode plan, PlanProfile? profile)
    {
        var children = new PlanReport[plan.Children.Count];
        var below = TimeSpan.Zero;
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = Report(plan.Children[i], profile);
            below += MeasuredBelow(children[i]);
        }
        PlanCost? cost = null;
        if (profile is not null && profile._costs.TryGetValue(plan, out var seen))
        {
            var own = seen.Time > below ? seen.Time - below : TimeSpan.Zero;
            cost = new PlanCost(seen.Time, own, seen.Series, seen.Samples, seen.Bytes);
        }
        return new PlanReport(plan.Describe(), cost, children);
    }

    private static TimeSpan MeasuredBelow(PlanReport report)
    {
        if (report.Cost is { } cost)
            return cost.Time;
        var sum = TimeSpan.Zero;
        foreach (var child in report.Children)
            sum += MeasuredBelow(child);
        return sum;
    }
}

/// <summary>Running sums of one node.</summary>
internal sealed class NodeCost(TimeProvider clock)
{
    private long _ticks;

    public TimeSpan Time => clock.GetElapsedTime(0, _ticks);
    public long Series { get; set; }
    public long Samples { get; set; }
    public long Bytes { get; set; }

    public long Start() => clock.GetTimestamp();

    public void Stop(long started) => _ticks += clock.GetTimestamp() - started;
}
