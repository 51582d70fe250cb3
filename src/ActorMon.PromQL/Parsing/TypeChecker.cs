using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>Checks kinds and the rules that need them, in the peer's order; adds what is wrong to the errors.</summary>
internal sealed class TypeChecker(byte[] query, List<ParseError> errors)
{
    public ValueKind Check(Expr expr)
    {
        switch (expr)
        {
            case AggregateExpr aggregate:
                CheckAggregate(aggregate);
                break;
            case BinaryExpr binary:
                CheckBinary(binary);
                break;
            case CallExpr call:
                CheckCall(call);
                break;
            case ParenExpr paren:
                Check(paren.Inner);
                break;
            case UnaryExpr unary:
                if (Check(unary.Operand) is var operand and not (ValueKind.Scalar or ValueKind.Vector))
                    Add(unary.Position, $"unary expression only allowed on expressions of type scalar or instant vector, got \"{Documented(operand)}\"");
                break;
            case SubqueryExpr subquery:
                if (Check(subquery.Inner) is var inner and not ValueKind.Vector)
                    Add(subquery.Position, $"subquery is only allowed on instant vector, got {Short(inner)} instead");
                break;
            case MatrixSelector matrix:
                CheckSelector(matrix.Selector);
                break;
            case VectorSelector selector:
                CheckSelector(selector);
                break;
        }
        return expr.Kind;
    }

    /// <summary>The kind as the documentation calls it.</summary>
    public static string Documented(ValueKind kind) => kind switch
    {
        ValueKind.Vector => "instant vector",
        ValueKind.Matrix => "range vector",
        _ => Short(kind),
    };

    private static string Short(ValueKind kind) => kind switch
    {
        ValueKind.Vector => "vector",
        ValueKind.Matrix => "matrix",
        ValueKind.Scalar => "scalar",
        ValueKind.String => "string",
        _ => "none",
    };

    private void Add(TextRange position, string message)
    {
        if (errors.Count < ParseError.MaxKept)
            errors.Add(ParseError.At(position, message, query));
    }

    private void Expect(Expr expr, ValueKind wanted, string context)
    {
        var kind = Check(expr);
        if (kind != wanted)
            Add(expr.Position, $"expected type {Documented(wanted)} in {context}, got {Documented(kind)}");
    }

    private void CheckAggregate(AggregateExpr aggregate)
    {
        Expect(aggregate.Operand, ValueKind.Vector, "aggregation expression");
        if (aggregate.Parameter is { } parameter)
            Expect(parameter, aggregate.Op == AggregateOp.CountValues ? ValueKind.String : ValueKind.Scalar, "aggregation parameter");
    }

    private void CheckBinary(BinaryExpr binary)
    {
        var left = Check(binary.Left);
        var right = Check(binary.Right);
        var op = binary.Op;
        var matching = binary.WrittenMatching!;
        if (binary.ReturnBool && !op.IsComparison())
            Add(OperatorRange(binary), "bool modifier can only be used on comparison operators");
        if (op.IsComparison() && !binary.ReturnBool && left == ValueKind.Scalar && right == ValueKind.Scalar)
            Add(OperatorRange(binary), "comparisons between scalars must use BOOL modifier");
        if (matching.On)
            CheckIncluded(binary, matching);
        if (left is not (ValueKind.Scalar or ValueKind.Vector))
            Add(binary.Left.Position, "binary expression must contain only scalar and instant vector types");
        if (right is not (ValueKind.Scalar or ValueKind.Vector))
            Add(binary.Right.Position, "binary expression must contain only scalar and instant vector types");

        var fills = (matching.FillLeft ?? matching.FillRight) is not null;
        if (left != ValueKind.Vector || right != ValueKind.Vector)
        {
            if (matching.MatchingLabels.Count > 0)
                Add(binary.Position, "vector matching only allowed between instant vectors");
            if (fills)
                Add(binary.Position, "filling in missing series only allowed between instant vectors");
        }
        else if (op.IsSetOperator())
        {
            if (matching.Cardinality is MatchCardinality.OneToMany or MatchCardinality.ManyToOne)
                Add(binary.Position, $"no grouping allowed for \"{op.Symbol()}\" operation");
            if (matching.Cardinality != MatchCardinality.ManyToMany)
                Add(binary.Position, "set operations must always be many-to-many");
            if (fills)
                Add(binary.Position, "filling in missing series not allowed for set operators");
        }
        if ((left == ValueKind.Scalar || right == ValueKind.Scalar) && op.IsSetOperator())
            Add(binary.Position, $"set operator \"{op.Symbol()}\" not allowed in binary scalar expression");
    }

    private void CheckIncluded(BinaryExpr binary, VectorMatching matching)
    {
        // A set first: with two long lists comparing each with each would take for ever.
        var both = new HashSet<string>(matching.Include, StringComparer.Ordinal);
        both.IntersectWith(matching.MatchingLabels);
        if (both.Count == 0)
            return;
        foreach (var label in matching.MatchingLabels.Where(both.Contains))
        {
            foreach (var included in matching.Include)
            {
                if (errors.Count >= ParseError.MaxKept)
                    return;
                if (label == included)
                    Add(OperatorRange(binary), $"label {GoQuote.Quote(label)} must not occur in ON and GROUP clause at once");
            }
        }
    }

    /// <summary>From the operator to the last byte before the right side, spaces aside. The end is that byte itself, as in the peer.</summary>
    private TextRange OperatorRange(BinaryExpr binary)
    {
        var start = binary.Left.Position.End;
        while (start < query.Length && IsSpace(query[start]))
            start++;
        var end = binary.Right.Position.Start - 1;
        while (end > 0 && IsSpace(query[end]))
            end--;
        return new TextRange(start, end);
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    private void CheckCall(CallExpr call)
    {
        var function = call.Function;
        var name = GoQuote.Quote(function.Name);
        var kinds = function.Arguments;
        var arguments = call.Arguments;
        var least = kinds.Count - 1;
        if (function.Variadic == 0)
        {
            if (arguments.Count != kinds.Count)
                Add(call.Position, $"expected {kinds.Count} argument(s) in call to {name}, got {arguments.Count}");
        }
        else if (arguments.Count < least)
        {
            Add(call.Position, $"expected at least {least} argument(s) in call to {name}, got {arguments.Count}");
        }
        else if (function.Variadic > 0 && arguments.Count > least + function.Variadic)
        {
            Add(call.Position, $"expected at most {least + function.Variadic} argument(s) in call to {name}, got {arguments.Count}");
        }
        if (function.Name == "info" && arguments.Count > 1)
            CheckInfoSelector(call, arguments[1]);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i >= kinds.Count && function.Variadic == 0)
                break;
            Expect(arguments[i], kinds[Math.Min(i, kinds.Count - 1)], $"call to function {name}");
        }
    }

    private void CheckInfoSelector(CallExpr call, Expr argument)
    {
        if (argument.Kind != ValueKind.Vector)
            Add(call.Position, $"expected type instant vector in call to function \"info\", got {Documented(argument.Kind)}");
        if (argument is not VectorSelector selector)
            Add(argument.Position, "expected label selectors only");
        else if (selector.Name.Length > 0)
            Add(argument.Position, "expected label selectors only, got vector selector instead");
    }

    private void CheckSelector(VectorSelector selector)
    {
        var matchers = selector.Matchers;
        if (selector.Name.Length > 0)
        {
            for (var i = 0; i < matchers.Count - 1; i++)
                if (matchers[i].Name == LabelNames.MetricName)
                    Add(selector.Position, $"metric name must not be set twice: {GoQuote.Quote(selector.Name)} or {GoQuote.Quote(matchers[i].Value)}");
            return;
        }
        if (selector.MayMatchAll)
            return;
        foreach (var matcher in matchers)
            if (!matcher.MatchesEmpty)
                return;
        Add(selector.Position, "vector selector must contain at least one non-empty matcher");
    }
}
