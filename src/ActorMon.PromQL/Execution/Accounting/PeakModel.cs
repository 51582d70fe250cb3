using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Accounting;

/// <summary>
/// How many samples the peer's evaluator holds at most while it evaluates a plan, from what each part gave. It evaluates part after part over all steps, keeps the results of
/// arguments until the part above has its own, and holds beside them the inputs of the step at hand. Exact for floats; windows of native histograms count as they are.
/// </summary>
internal sealed class PeakModel(SampleLedger ledger)
{
    /// <summary>What evaluating a part adds to the samples held before it: at the most, and once it has ended.</summary>
    private readonly record struct Holding(long Peak, long After)
    {
        /// <summary>This part and then the next one beside its result.</summary>
        public Holding Then(Holding next) => new(Math.Max(Peak, After + next.Peak), After + next.After);
    }

    public long Of(PlanNode plan, StepGrid grid) => plan is RangeSelectNode ? ledger.RawSamples : Visit(plan, grid).Peak;

    private Holding Visit(PlanNode node, StepGrid grid)
    {
        if (grid.Count == 0)
            return default;
        switch (node)
        {
            case StringNode:
                return default;
            case SelectNode:
                var selected = SizeOf(node, grid);
                return new(selected, selected);
            case SubqueryNode subquery:
                return Visit(subquery.Inner, OperatorBuilder.SubqueryGrid(subquery, grid));
            case RepeatNode repeat:
                var copies = (grid.Count - 1) * SizeOf(repeat.Inner, grid.First);
                return Visit(repeat.Inner, grid.First).Then(new(copies, copies));
            case SharedNode shared:
                return Visit(ledger.EvaluatedOf(shared, grid), grid);
            case NegateNode negate:
                return Visit(negate.Operand, grid);
            case AggregateNode { Op: not AggregateOp.CountValues } aggregate:
                var parameter = aggregate.Parameter is { } expression ? Visit(expression, grid) : default;
                return parameter.Then(Visit(aggregate.Operand, grid)) with { After = SizeOf(node, grid) };
            case AggregateNode counted:
                return StepByStep(node, grid, [counted.Operand]);
            case CallNode { Function: "label_replace" or "label_join" } relabelled:
                return Visit(relabelled.Arguments[0], grid);
            case CallNode { RangeArgument: >= 0 } call:
                return Range(call, grid);
            case CallNode { Function: "info" } info:
                return StepByStep(node, grid, [info.Arguments[0]]);
            case CallNode { Function: "timestamp", Arguments: [SelectNode or RepeatNode { Inner: SelectNode }] }:
                // The samples it looks at are no argument: it seeks them step by step.
                return StepByStep(node, grid, [], lookedAt: node);
            default:
                return StepByStep(node, grid, node.Children);
        }
    }

    /// <summary>Arguments are evaluated one after the other; then each step takes their elements and adds its own to the result.</summary>
    /// <param name="lookedAt">A part whose elements are held at each step without its being an argument.</param>
    private Holding StepByStep(PlanNode node, StepGrid grid, IReadOnlyList<PlanNode> arguments, PlanNode? lookedAt = null)
    {
        var held = default(Holding);
        foreach (var argument in arguments)
            held = held.Then(Visit(argument, grid));
        var scalars = arguments.Count(argument => argument.Kind == ValueKind.Scalar);
        var taken = arguments.Append(lookedAt).OfType<PlanNode>().Select(ledger.Of).OfType<VectorTally>().Select(tally => tally.Steps).ToArray();
        var own = ledger.Of(node);
        var given = own?.Steps ?? default;
        var (peak, result) = (held.Peak, 0L);
        for (var step = 0; step < grid.Count; step++)
        {
            var now = result + scalars;
            for (var i = 0; i < taken.Length; i++)
                now += taken[i].Next().Elements;
            var size = own is not null ? given.Next().Size : node.Kind == ValueKind.Scalar ? 1 : 0;
            peak = Math.Max(peak, held.After + now + size);
            result += size;
        }
        return new(peak, result);
    }

    /// <summary>A subquery's result goes when the function has ended; results of scalar arguments stay counted, as does what absent_over_time() looked at.</summary>
    private Holding Range(CallNode call, StepGrid grid)
    {
        var held = default(Holding);
        var released = 0L;
        if (call.Arguments[call.RangeArgument] is SubqueryNode subquery)
        {
            held = Visit(subquery, grid);
            released = SizeOf(subquery.Inner, OperatorBuilder.SubqueryGrid(subquery, grid));
        }
        foreach (var argument in call.Arguments)
            if (argument.Kind == ValueKind.Scalar)
                held = held.Then(Visit(argument, grid));
        var range = ledger.RangeOf(call);
        return held.Then(new(range?.Peak ?? 0, (range?.Results ?? 0) - released));
    }

    private long SizeOf(PlanNode node, StepGrid grid) => node.Kind == ValueKind.Scalar ? grid.Count : ledger.Of(node)?.Size ?? 0;
}
