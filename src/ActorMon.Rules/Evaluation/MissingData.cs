using ActorMon.PromQL.Ast;

namespace ActorMon.Rules.Evaluation;

/// <summary>What missing series do to an expression's result.</summary>
public static class MissingData
{
    /// <summary>
    /// True when every series of a result that was computed without some of the data would be in the full result, too: selections, functions of one series and
    /// comparisons of them. False for whatever looks at the number or the absence of series: aggregations, absent, unless, or, scalar.
    /// </summary>
    public static bool OnlyRemovesSeries(Expr expression) => expression switch
    {
        NumberLiteral or StringLiteral or VectorSelector or MatrixSelector => true,
        ParenExpr paren => OnlyRemovesSeries(paren.Inner),
        UnaryExpr unary => OnlyRemovesSeries(unary.Operand),
        SubqueryExpr subquery => OnlyRemovesSeries(subquery.Inner),
        CallExpr call => Call(call),
        BinaryExpr binary => Binary(binary),
        _ => false,
    };

    private static bool Call(CallExpr call)
    {
        if (call.Function.Name is "absent" or "absent_over_time" or "scalar" or "histogram_quantile" or "histogram_fraction" or "histogram_quantiles" or "info")
            return false;
        foreach (var argument in call.Arguments)
            if (!OnlyRemovesSeries(argument))
                return false;
        return true;
    }

    private static bool Binary(BinaryExpr binary)
    {
        // A fill value stands for the series that is not there.
        if (binary.Op is BinaryOp.Unless or BinaryOp.Or || binary.Matching is { FillLeft: not null } or { FillRight: not null })
            return false;
        return OnlyRemovesSeries(binary.Left) && OnlyRemovesSeries(binary.Right);
    }
}
