using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Planning.Rewrites;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Planning;

/// <summary>Syntax tree to plan: resolves durations, @ start()/end() and the query-context functions, drops parentheses, then runs the rewrites in order.</summary>
internal sealed class Planner(QueryRequest request, long defaultSubqueryStepMs)
{
    private readonly long _end = request.IsInstant ? request.Start : request.End;
    private readonly DurationEvaluator _durations = new(
        request.StepMs / 1000.0, request.IsInstant ? 0 : (request.End - request.Start) / 1000.0);

    public PlanNode Plan()
    {
        var plan = Translate(request.Expression);
        foreach (var rewrite in RewritePipeline.All)
            plan = rewrite.Rewrite(plan);
        return plan;
    }

    private PlanNode Translate(Expr expression) => expression switch
    {
        NumberLiteral number => new NumberNode(number.Value, number.Position),
        StringLiteral text => new StringNode(text.Value, text.Position),
        ParenExpr paren => Translate(paren.Inner),
        UnaryExpr unary => unary.Negative ? new NegateNode(Translate(unary.Operand), unary.Position) : Translate(unary.Operand),
        VectorSelector selector => new SelectNode(Spec(selector), selector.Position),
        MatrixSelector matrix => new RangeSelectNode(Spec(matrix.Selector), _durations.Milliseconds(matrix.Range, mayBeNegative: false), matrix.Position),
        SubqueryExpr subquery => Subquery(subquery),
        CallExpr call => Call(call),
        AggregateExpr aggregate => new AggregateNode(
            aggregate.Op,
            Translate(aggregate.Operand),
            aggregate.Parameter is { } parameter ? Translate(parameter) : null,
            Sorted(aggregate.Grouping),
            aggregate.Without,
            aggregate.Position),
        BinaryExpr binary => new BinaryNode(binary.Op, Translate(binary.Left), Translate(binary.Right), binary.Matching, binary.ReturnBool, binary.Position),
        _ => throw new InvalidOperationException($"unexpected expression {expression.GetType().Name}"),
    };

    private PlanNode Call(CallExpr call)
    {
        if (call.Arguments.Count == 0 && QueryContextValue(call.Function.Name) is { } value)
            return new NumberNode(value, call.Position);
        return new CallNode(call.Function.Name, [.. call.Arguments.Select(Translate)], call.Kind, call.Position);
    }

    private double? QueryContextValue(string function) => function switch
    {
        "start" => request.Start / 1000.0,
        "end" => _end / 1000.0,
        "range" => (_end - request.Start) / 1000.0,
        "step" => request.Start == _end ? 0 : request.StepMs / 1000.0,
        _ => null,
    };

    private SubqueryNode Subquery(SubqueryExpr subquery)
    {
        var step = subquery.Step is { } written ? _durations.Milliseconds(written, mayBeNegative: false) : 0;
        return new SubqueryNode(
            Translate(subquery.Inner),
            _durations.Milliseconds(subquery.Range, mayBeNegative: false),
            step == 0 ? defaultSubqueryStepMs : step,
            _durations.Milliseconds(subquery.Shift.Offset, mayBeNegative: true),
            At(subquery.Shift),
            subquery.Position);
    }

    private SelectorSpec Spec(VectorSelector selector) =>
        new(selector.Matchers, _durations.Milliseconds(selector.Shift.Offset, mayBeNegative: true), At(selector.Shift), selector.Extension);

    private long? At(TimeShift shift) => shift.At switch
    {
        AtKind.Timestamp => shift.AtTimestamp,
        AtKind.Start => request.Start,
        AtKind.End => _end,
        _ => null,
    };

    private static string[] Sorted(IReadOnlyList<string> names)
    {
        var sorted = names.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }
}
