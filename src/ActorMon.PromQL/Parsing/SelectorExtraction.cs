using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>Finds the series a query reads.</summary>
public static class SelectorExtraction
{
    /// <summary>Every vector selector of the query, those of ranges and subqueries too, from left to right.</summary>
    public static IReadOnlyList<VectorSelector> Of(Expr expr)
    {
        var found = new List<VectorSelector>();
        Collect(expr, found);
        return found;
    }

    private static void Collect(Expr expr, List<VectorSelector> found)
    {
        switch (expr)
        {
            case VectorSelector selector:
                found.Add(selector);
                break;
            case MatrixSelector matrix:
                found.Add(matrix.Selector);
                break;
            case SubqueryExpr subquery:
                Collect(subquery.Inner, found);
                break;
            case ParenExpr paren:
                Collect(paren.Inner, found);
                break;
            case UnaryExpr unary:
                Collect(unary.Operand, found);
                break;
            case BinaryExpr binary:
                Collect(binary.Left, found);
                Collect(binary.Right, found);
                break;
            case CallExpr call:
                foreach (var argument in call.Arguments)
                    Collect(argument, found);
                break;
            case AggregateExpr aggregate:
                if (aggregate.Parameter is { } parameter)
                    Collect(parameter, found);
                Collect(aggregate.Operand, found);
                break;
        }
    }
}
