using System.Collections.Frozen;

namespace ActorMon.PromQL.Planning.Rewrites;

/// <summary>
/// Wraps the highest parts of the plan whose value is the same at every step (all selectors below have @, no function below looks at the step's time) into
/// <see cref="RepeatNode"/>. What counts as invariant follows the peer exactly, because an invariant part is evaluated at the first step's time.
/// </summary>
internal sealed class StepInvariantHoisting : IRewrite
{
    private static readonly FrozenSet<string> TimeDependent = new[]
    {
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour", "minute", "month", "year",
        "predict_linear", "time", "timestamp", "start", "end", "range", "step",
    }.ToFrozenSet(StringComparer.Ordinal);

    public PlanNode Rewrite(PlanNode plan)
    {
        var visited = Visit(plan);
        return visited.Wrap ? new RepeatNode(visited.Node) : visited.Node;
    }

    /// <summary>Invariant: same at every step. Wrap: worth a Repeat of its own (literals and range vectors never are).</summary>
    private readonly record struct Visited(PlanNode Node, bool Invariant, bool Wrap);

    private static Visited Visit(PlanNode node)
    {
        switch (node)
        {
            case SelectNode select:
                return new(node, select.Selector.AtMs is not null, select.Selector.AtMs is not null);
            case RangeSelectNode range:
                return new(node, range.Selector.AtMs is not null, false);
            case SubqueryNode subquery:
                var inner = Visit(subquery.Inner);
                return new(subquery with { Inner = inner.Invariant ? new RepeatNode(inner.Node) : inner.Node }, subquery.AtMs is not null, false);
            case NumberNode or StringNode:
                return new(node, true, false);
            case NegateNode negate:
                var operand = Visit(negate.Operand);
                return operand with { Node = negate with { Operand = operand.Node } };
            case AggregateNode aggregate:
                // The parameter has no say: the peer decides by the aggregated vector alone.
                var aggregated = Visit(aggregate.Operand);
                return aggregated with { Node = aggregate with { Operand = aggregated.Node } };
            case BinaryNode binary:
                return VisitBinary(binary);
            case CallNode call:
                return VisitCall(call);
            default:
                return new(node, false, false);
        }
    }

    private static Visited VisitBinary(BinaryNode binary)
    {
        var left = Visit(binary.Left);
        var right = Visit(binary.Right);
        if (left.Invariant && right.Invariant)
            return new(binary with { Left = left.Node, Right = right.Node }, true, true);
        return new(binary with { Left = Wrapped(left), Right = Wrapped(right) }, false, false);
    }

    private static Visited VisitCall(CallNode call)
    {
        var arguments = new Visited[call.Arguments.Count];
        var allInvariant = true;
        var allSelectors = true;
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Visit(call.Arguments[i]);
            allInvariant &= arguments[i].Invariant;
            allSelectors &= call.Arguments[i] is SelectNode;
        }
        // timestamp() of a selector with @ gives the sample's own time, which no step changes; of anything else it gives the step's time.
        var invariant = allInvariant && (!TimeDependent.Contains(call.Function) || (call.Function == "timestamp" && allSelectors));
        if (invariant)
            return new(call with { Arguments = [.. arguments.Select(argument => argument.Node)] }, true, true);
        return new(call with { Arguments = [.. arguments.Select(Wrapped)] }, false, false);
    }

    private static PlanNode Wrapped(Visited visited) => visited.Wrap ? new RepeatNode(visited.Node) : visited.Node;
}
