using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Printing;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>The query with <c>@ time</c> on every selector and subquery that has none, outermost first; what lies in a subquery that has one by then stays.</summary>
internal sealed class AtModifierVariant(long time)
{
    private static readonly HashSet<string> TimeDependent = new(StringComparer.Ordinal)
    {
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour", "minute", "month", "year",
        "predict_linear", "time", "timestamp", "start", "end", "range", "step",
    };

    private bool _timeDependent;

    /// <summary>Null when the query calls a function whose result depends on the evaluation time.</summary>
    public static string? Of(Expr query, long time)
    {
        var variant = new AtModifierVariant(time);
        var rewritten = variant.Rewrite(query);
        return variant._timeDependent ? null : ExprPrinter.Print(rewritten);
    }

    private Expr Rewrite(Expr expression)
    {
        switch (expression)
        {
            case ParenExpr paren:
                return new ParenExpr(Rewrite(paren.Inner));
            case UnaryExpr unary:
                return new UnaryExpr(unary.Negative, Rewrite(unary.Operand));
            case VectorSelector selector:
                return Pin(selector);
            case MatrixSelector matrix:
                return new MatrixSelector(Pin(matrix.Selector), matrix.Range);
            case SubqueryExpr subquery:
                return new SubqueryExpr(subquery.Inner, subquery.Range, subquery.Step) { Shift = Pin(subquery.Shift) };
            case CallExpr call:
                _timeDependent |= TimeDependent.Contains(call.Function.Name);
                return new CallExpr(call.Function, [.. call.Arguments.Select(Rewrite)]);
            case AggregateExpr aggregate:
                return new AggregateExpr(
                    aggregate.Op, Rewrite(aggregate.Operand), aggregate.Parameter is { } parameter ? Rewrite(parameter) : null, aggregate.Grouping, aggregate.Without);
            case BinaryExpr binary:
                return new BinaryExpr(binary.Op, Rewrite(binary.Left), Rewrite(binary.Right)) { Matching = binary.Matching, ReturnBool = binary.ReturnBool };
            default:
                return expression;
        }
    }

    private VectorSelector Pin(VectorSelector selector) =>
        new(selector.Name, selector.Matchers) { Shift = Pin(selector.Shift), Extension = selector.Extension };

    private TimeShift Pin(TimeShift shift) => shift.At == AtKind.None ? shift with { At = AtKind.Timestamp, AtTimestamp = time } : shift;
}
