using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>Durations of ranges, steps and offsets: literals, or arithmetic over literals, step(), range(), min_of and max_of.</summary>
internal sealed partial class QueryParser
{
    private const double MaxSeconds = 9223372036854775808.0 / 1e9;
    private static readonly DurationNumber Wrong = new(0, false, default);
    private int _durationOperators;

    /// <summary>The duration of a range or step. A literal must be above zero; an expression is checked when the query runs.</summary>
    private QueryDuration? ParsePositiveDuration()
    {
        if (ParseDuration(1) is not { } duration)
            return null;
        Look();
        if (duration is DurationNumber { Parentheses: null } literal && !(literal.Seconds > 0))
        {
            AddError(literal.Position, "duration must be greater than 0");
            duration = Wrong;
        }
        return NewDuration(duration);
    }

    /// <summary>
    /// After offset only a literal with at most one sign, one call, or something in parentheses belongs to the duration: "foo offset 5m - 3" subtracts 3 from the
    /// selector. Unsigned parentheses and double signs may be followed by operators (as the peer's grammar has it).
    /// </summary>
    private QueryDuration? ParseOffsetDuration()
    {
        var kind = Look();
        if (kind is TokenKind.Add or TokenKind.Sub)
        {
            var sign = Take();
            if (Look() is TokenKind.Add or TokenKind.Sub)
                return ParseSignedDuration(sign) is { } signed && ParseDurationOperators(signed, 1) is { } expression ? NewDuration(expression) : null;
            return ParseDurationAtom(sign) is { } operand ? NewDuration(ApplySign(sign, operand)) : null;
        }
        if (ParseDurationAtom() is not { } first)
            return null;
        if (kind == TokenKind.LeftParen)
            return ParseDurationOperators(first, 1) is { } expression ? NewDuration(expression) : null;
        return NewDuration(first);
    }

    private DurationExpr? ParseDuration(int minLevel)
    {
        if (!EnterLevel())
            return null;
        DurationExpr? duration;
        if (Look() is TokenKind.Add or TokenKind.Sub)
            duration = ParseSignedDuration(Take());
        else
            duration = ParseDurationAtom();
        if (duration is not null)
            duration = ParseDurationOperators(duration, minLevel);
        LeaveLevel();
        return duration;
    }

    private DurationExpr? ParseSignedDuration(Token sign) =>
        ParseDuration(OperatorTable.UnaryLevel + 1) is { } operand ? ApplySign(sign, operand) : null;

    private DurationExpr? ParseDurationOperators(DurationExpr left, int minLevel)
    {
        while (DurationOperator(Look()) is { } op && OperatorTable.Level(_token.Kind) is var level && level >= minLevel)
        {
            // A chain of operators makes a tree as deep as it is long.
            if (++_durationOperators > PromQLParser.MaxDepth)
            {
                FailTooDeep();
                return null;
            }
            var token = Take();
            if (ParseDuration(op == DurationOp.Pow ? level : level + 1) is not { } right)
                return null;
            left = NewDurationBinary(op, token, left, right);
        }
        return left;
    }

    private DurationExpr NewDurationBinary(DurationOp op, Token token, DurationExpr left, DurationExpr right)
    {
        RequireDurationExpressions(left.Position);
        if (op is DurationOp.Div or DurationOp.Mod && right is DurationNumber { Seconds: 0, Parentheses: null })
        {
            AddError(token.Position, op == DurationOp.Div ? "division by zero" : "modulo by zero");
            return Wrong;
        }
        return new DurationBinary(op, left, right, false, new TextRange(left.Position.Start, right.Position.End));
    }

    /// <param name="sign">The sign in front of an offset's duration. There the peer's ranges differ: a call begins at the sign, parentheses do not count.</param>
    private DurationExpr? ParseDurationAtom(Token? sign = null)
    {
        switch (Look())
        {
            case TokenKind.Number or TokenKind.Duration:
                return ParseDurationLiteral();
            case TokenKind.Step or TokenKind.Range:
                var word = Take();
                if (!Expect(TokenKind.LeftParen) || !Expect(TokenKind.RightParen))
                    return null;
                var position = new TextRange(word.Start, _lastEnd);
                DurationExpr call = word.Kind == TokenKind.Step ? new DurationStep(position) : new DurationRange(position);
                RequireDurationExpressions(position with { Start = sign?.Start ?? position.Start });
                return call;
            case TokenKind.MaxOf or TokenKind.MinOf:
                return ParseMinMax(sign);
            case TokenKind.LeftParen:
                var open = Take();
                if (ParseDuration(1) is not { } inner || !Expect(TokenKind.RightParen))
                    return null;
                if (sign is not null)
                    return InParentheses(inner, inner.Position);
                RequireDurationExpressions(inner.Position);
                return InParentheses(inner, new TextRange(open.Start, _lastEnd));
            default:
                return null;
        }
    }

    private DurationNumber ParseDurationLiteral()
    {
        var number = ParseNumber();
        if (IsOutOfRange(number.Value))
        {
            AddError(number.Position, "duration out of range");
            return Wrong;
        }
        return new DurationNumber(number.Value, number.IsDuration, number.Position);
    }

    private DurationBinary? ParseMinMax(Token? sign)
    {
        var word = Take();
        if (!Expect(TokenKind.LeftParen) || ParseDuration(1) is not { } left || !Expect(TokenKind.Comma) || ParseDuration(1) is not { } right || !Expect(TokenKind.RightParen))
            return null;
        var op = word.Kind == TokenKind.MaxOf ? DurationOp.MaxOf : DurationOp.MinOf;
        var position = new TextRange(word.Start, sign is null ? _lastEnd : right.Position.End);
        RequireDurationExpressions(position with { Start = sign?.Start ?? position.Start });
        return new DurationBinary(op, left, right, false, position);
    }

    private static DurationExpr InParentheses(DurationExpr inner, TextRange parentheses) => inner is DurationBinary binary
        ? binary with { Wrapped = true, Parentheses = parentheses }
        : inner with { Parentheses = parentheses };

    /// <summary>A sign melts into a literal; plus in front of anything else means nothing.</summary>
    private DurationExpr ApplySign(Token sign, DurationExpr operand)
    {
        var negative = sign.Kind == TokenKind.Sub;
        if (operand is DurationNumber { Parentheses: null } number)
        {
            var seconds = negative ? -number.Seconds : number.Seconds;
            if (IsOutOfRange(seconds))
            {
                AddError(sign.Position, "duration out of range");
                return Wrong;
            }
            return number with { Seconds = seconds, Position = new TextRange(sign.Start, number.Position.End) };
        }
        return negative ? new DurationNegate(operand, new TextRange(sign.Start, operand.Position.End)) : operand;
    }

    private void RequireDurationExpressions(TextRange position)
    {
        if (!options.DurationExpressions)
            AddError(position, "experimental duration expression is not enabled");
    }

    private static bool IsOutOfRange(double seconds) => seconds > MaxSeconds || seconds < -MaxSeconds;

    private static DurationOp? DurationOperator(TokenKind kind) => kind switch
    {
        TokenKind.Add => DurationOp.Add,
        TokenKind.Sub => DurationOp.Sub,
        TokenKind.Mul => DurationOp.Mul,
        TokenKind.Div => DurationOp.Div,
        TokenKind.Mod => DurationOp.Mod,
        TokenKind.Pow => DurationOp.Pow,
        _ => null,
    };

    /// <summary>A plain literal becomes milliseconds by way of whole nanoseconds, the peer's unit, so that both cut at the same place.</summary>
    private static QueryDuration NewDuration(DurationExpr duration) => duration is DurationNumber { Parentheses: null } literal
        ? new QueryDuration((long)Math.Round(literal.Seconds * 1e9, MidpointRounding.AwayFromZero) / 1_000_000)
        : new QueryDuration(0, duration);
}
