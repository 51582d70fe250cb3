using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>Operators, literals, parentheses and calls.</summary>
internal sealed partial class QueryParser
{
    /// <summary>An expression of operators of at least the level; null after an error nobody within could report.</summary>
    private Expr? ParseExpression(int level)
    {
        if (!EnterLevel())
            return null;
        var first = ParseOperand();
        var expr = first is null ? null : ParseOperators(first, level);
        LeaveLevel();
        return expr;
    }

    private Expr? ParseOperators(Expr left, int minLevel)
    {
        while (OperatorTable.Level(Look()) is var level && level >= minLevel && level > 0)
        {
            var op = OperatorTable.Operator(Take().Kind);
            if (ParseBinaryModifiers() is not { } modifiers)
                return null;
            // Only ^ groups to the right.
            if (ParseExpression(op == BinaryOp.Pow ? level : level + 1) is not { } right)
                return null;
            if (NewBinary(op, left, right, modifiers) is not { } binary)
                return null;
            left = binary;
        }
        return left;
    }

    private Expr? ParseOperand()
    {
        while (true)
        {
            var kind = Look();
            if (kind.CanStartExpression())
                break;
            if (!Skip())
                return null;
        }
        var primary = _token.Kind switch
        {
            TokenKind.Number or TokenKind.Duration => ParseNumber(),
            TokenKind.String => ParseString(),
            TokenKind.Add or TokenKind.Sub => ParseUnary(),
            TokenKind.LeftParen => ParseParentheses(),
            TokenKind.LeftBrace => ParseVectorSelector(),
            _ => ParseNamed(),
        };
        return primary is null ? null : ParsePostfixes(primary);
    }

    private NumberLiteral ParseNumber()
    {
        var token = Take();
        return new NumberLiteral(NumberValue(token)) { IsDuration = token.Kind == TokenKind.Duration, Position = token.Position };
    }

    private double NumberValue(Token token)
    {
        if (token.Kind == TokenKind.Duration)
        {
            if (!PrometheusDuration.TryParse(token.Text, out var duration, out var wrong))
                AddError(token.Position, wrong);
            // Whole seconds and the rest apart, as Go's Duration.Seconds does: one division would round differently.
            return (duration.Ticks / TimeSpan.TicksPerSecond) + (duration.Ticks % TimeSpan.TicksPerSecond / (double)TimeSpan.TicksPerSecond);
        }
        if (!NumberText.TryParse(token.Text, out var value, out var error))
            AddError(token.Position, "error parsing number: " + error);
        return value;
    }

    private StringLiteral ParseString()
    {
        var token = Take();
        return new StringLiteral(StringText.Unquote(token.Text)) { Position = token.Position };
    }

    private Expr? ParseUnary()
    {
        var sign = Take();
        if (ParseExpression(OperatorTable.UnaryLevel + 1) is not { } operand)
            return null;
        var negative = sign.Kind == TokenKind.Sub;
        var position = new TextRange(sign.Start, operand.Position.End);
        if (operand is NumberLiteral number)
            return new NumberLiteral(negative ? -number.Value : number.Value) { IsDuration = number.IsDuration, Position = position };
        return HeightOver(operand) is { } height ? new UnaryExpr(negative, operand) { Position = position, Height = height } : null;
    }

    private ParenExpr? ParseParentheses()
    {
        var open = Take();
        var inner = ParseExpression(1);
        while (inner is not null && Look() != TokenKind.RightParen)
        {
            if (!Skip())
                return null;
            // An operator may follow what was skipped.
            inner = ParsePostfixes(inner) is { } left ? ParseOperators(left, 1) : null;
        }
        if (inner is null || HeightOver(inner) is not { } height)
            return null;
        var close = Take();
        return new ParenExpr(inner) { Position = new TextRange(open.Start, close.End), Height = height };
    }

    /// <summary>An aggregation, a call or a selector: which one, the token after the name tells.</summary>
    private Expr? ParseNamed()
    {
        var name = Take();
        var next = Look();
        if (name.Kind.IsAggregator() && next is TokenKind.By or TokenKind.Without or TokenKind.LeftParen)
            return ParseAggregate(name);
        if (next == TokenKind.LeftParen && (name.Kind == TokenKind.Identifier || name.Kind.IsQueryTimeWord()))
            return ParseCall(name);
        return ParseVectorSelector(name);
    }

    private Expr? ParseCall(Token name)
    {
        if (ParseArguments() is not { } arguments)
            return null;
        var position = new TextRange(name.Start, _lastEnd);
        if (FunctionTable.Find(name.Text) is not { } function)
        {
            AddError(name.Position, $"unknown function with name {GoQuote.Quote(name.Text)}");
            return new ErrorExpr { Position = position };
        }
        if (function.Experimental && !options.ExperimentalFunctions)
            AddError(name.Position, $"function {GoQuote.Quote(name.Text)} is not enabled");
        if (function.Name == "info" && arguments.Count > 1 && arguments[1] is VectorSelector { Name: "" } labels)
            arguments[1] = Copy(labels, mayMatchAll: true);
        return HeightOver([.. arguments]) is { } height ? new CallExpr(function, arguments) { Position = position, Height = height } : null;
    }

    /// <summary>"(" expressions ")"; a comma with no expression behind it is reported and passed over.</summary>
    private List<Expr>? ParseArguments()
    {
        var arguments = new List<Expr>();
        if (!Expect(TokenKind.LeftParen))
            return null;
        if (Look() == TokenKind.RightParen)
        {
            Take();
            return arguments;
        }
        if (ParseExpression(1) is not { } first)
            return null;
        arguments.Add(first);
        while (true)
        {
            switch (Look())
            {
                case TokenKind.RightParen:
                    Take();
                    return arguments;
                case TokenKind.Comma:
                    var comma = Take();
                    if (!Look().CanStartExpression())
                    {
                        AddError(comma.Position, "trailing commas not allowed in function call args");
                        break;
                    }
                    if (ParseExpression(1) is not { } argument)
                        return null;
                    arguments.Add(argument);
                    break;
                default:
                    if (!Skip())
                        return null;
                    break;
            }
        }
    }

    private Expr? ParseAggregate(Token name)
    {
        if (TryParseAggregate(name) is { } aggregate)
            return aggregate;
        if (_aborted)
            return null;
        AddUnexpected("aggregation", "");
        return NewAggregate(name, new AggregateClause([], false), [], _lastClosing);
    }

    private Expr? TryParseAggregate(Token name)
    {
        AggregateClause? clause = null;
        if (Look() is TokenKind.By or TokenKind.Without)
            clause = ParseAggregateClause();
        if (_aborted || ParseArguments() is not { } arguments)
            return null;
        var end = _lastEnd;
        if (clause is null && Look() is TokenKind.By or TokenKind.Without)
        {
            clause = ParseAggregateClause();
            end = _lastEnd;
        }
        return _aborted ? null : NewAggregate(name, clause ?? new AggregateClause([], false), arguments, end);
    }

    private readonly record struct AggregateClause(IReadOnlyList<string> Labels, bool Without);

    private AggregateClause ParseAggregateClause()
    {
        var without = Take().Kind == TokenKind.Without;
        return new AggregateClause(ParseGroupingLabels(), without);
    }

    private Expr? NewAggregate(Token name, AggregateClause clause, List<Expr> arguments, int end)
    {
        var op = OperatorTable.Aggregator(name.Kind);
        var position = new TextRange(name.Start, end);
        string? wrong = null;
        var expected = op.HasParameter() ? 2 : 1;
        if (arguments.Count == 0)
            wrong = "no arguments for aggregate expression provided";
        else if (op.IsExperimental() && !options.ExperimentalFunctions)
            wrong = $"{op.Symbol()}() is experimental and must be enabled with --enable-feature=promql-experimental-functions";
        else if (arguments.Count != expected)
            wrong = $"wrong number of arguments for aggregate expression provided, expected {expected}, got {arguments.Count}";
        if (wrong is not null)
        {
            AddError(position, wrong);
            return new ErrorExpr { Position = position };
        }
        var parameter = expected == 2 ? arguments[0] : null;
        var operand = arguments[expected - 1];
        return HeightOver(parameter, operand) is { } height
            ? new AggregateExpr(op, operand, parameter, clause.Labels, clause.Without) { Position = position, Height = height }
            : null;
    }
}
