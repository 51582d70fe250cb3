using System.Globalization;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>What follows an operand and binds tighter than any operator: [range], [range:step], offset, @, anchored, smoothed.</summary>
internal sealed partial class QueryParser
{
    private Expr? ParsePostfixes(Expr expr)
    {
        Expr? current = expr;
        while (current is not null)
        {
            switch (Look())
            {
                case TokenKind.LeftBracket:
                    current = ParseBracket(current);
                    break;
                case TokenKind.Offset:
                    current = ParseOffset(current);
                    break;
                case TokenKind.At:
                    current = ParseAt(current);
                    break;
                case TokenKind.Anchored:
                    Take();
                    current = WithExtension(current, RangeExtension.Anchored, "anchored");
                    break;
                case TokenKind.Smoothed:
                    Take();
                    current = WithExtension(current, RangeExtension.Smoothed, "smoothed");
                    break;
                default:
                    return current;
            }
        }
        return null;
    }

    private Expr? ParseBracket(Expr expr)
    {
        const string durations = "number, duration, step(), or range()";
        var open = Take();
        if (ParsePositiveDuration() is not { } range)
            return ReportPostfix(expr, "subquery or range selector", durations);
        if (Look() == TokenKind.RightBracket)
        {
            Take();
            return NewMatrix(expr, range, open);
        }
        if (Look() != TokenKind.Colon)
            return ReportPostfix(expr, "subquery or range", "\":\" or \"]\"");
        Take();
        QueryDuration? step = null;
        if (Look() != TokenKind.RightBracket)
        {
            step = ParsePositiveDuration();
            if (step is null)
                return ReportPostfix(expr, "subquery selector", "number, duration, step(), range(), or \"]\"");
            if (Look() != TokenKind.RightBracket)
                return ReportPostfix(expr, "subquery selector", "\"]\"");
        }
        var close = Take();
        return HeightOver(expr) is { } height
            ? new SubqueryExpr(expr, range, step) { Position = new TextRange(expr.Position.Start, close.End), Height = height }
            : null;
    }

    private Expr? ReportPostfix(Expr expr, string context, string expected)
    {
        if (_aborted)
            return null;
        AddUnexpected(context, expected);
        return expr;
    }

    private Expr? NewMatrix(Expr expr, QueryDuration range, Token open)
    {
        var wrong = expr switch
        {
            VectorSelector { Shift.Offset: var offset } when IsSet(offset) => "no offset modifiers allowed before range",
            VectorSelector { Shift.At: not AtKind.None } => "no @ modifiers allowed before range",
            VectorSelector => null,
            _ => "ranges only allowed for vector selectors",
        };
        if (wrong is not null)
            AddError(new TextRange(open.Start, _lastEnd), wrong);
        var position = new TextRange(expr.Position.Start, _lastEnd);
        if (HeightOver(expr) is not { } height)
            return null;
        return expr is VectorSelector selector
            ? new MatrixSelector(selector, range) { Position = position, Height = height }
            : new MisplacedRange { Position = position, Height = height };
    }

    private Expr? ParseOffset(Expr expr)
    {
        Take();
        return ParseOffsetDuration() is { } offset
            ? WithOffset(expr, offset)
            : ReportPostfix(expr, "offset", "number, duration, step(), or range()");
    }

    private static bool IsSet(QueryDuration offset) => offset.Milliseconds != 0 || offset.Expression is not null;

    private Expr WithOffset(Expr expr, QueryDuration offset)
    {
        if (!TryGetShift(expr, "offset", out var shift))
            return expr;
        if (IsSet(shift.Offset))
        {
            AddError(expr.Position, "offset may not be set multiple times");
            return expr;
        }
        return WithShift(expr, shift with { Offset = offset });
    }

    private Expr? ParseAt(Expr expr)
    {
        Take();
        var kind = Look();
        if (kind is TokenKind.Start or TokenKind.EndKeyword)
        {
            Take();
            if (Expect(TokenKind.LeftParen) && Expect(TokenKind.RightParen))
                return WithAt(expr, kind == TokenKind.Start ? AtKind.Start : AtKind.End, 0);
            return ReportPostfix(expr, "@", "timestamp");
        }
        var negative = kind == TokenKind.Sub;
        if (negative || kind == TokenKind.Add)
            Take();
        if (Look() is not (TokenKind.Number or TokenKind.Duration))
            return ReportPostfix(expr, "@", "timestamp");
        var seconds = NumberValue(Take());
        return WithTimestamp(expr, negative ? -seconds : seconds);
    }

    private Expr WithTimestamp(Expr expr, double seconds)
    {
        if (!(Math.Abs(seconds) < 9223372036854775808.0))
        {
            var shown = double.IsPositiveInfinity(seconds) ? "+Inf" : double.IsNegativeInfinity(seconds) ? "-Inf" : seconds.ToString("F6", CultureInfo.InvariantCulture);
            AddError(expr.Position, "timestamp out of bounds for @ modifier: " + shown);
        }
        return WithAt(expr, AtKind.Timestamp, (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero));
    }

    private Expr WithAt(Expr expr, AtKind kind, long timestamp)
    {
        if (!TryGetShift(expr, "@", out var shift))
            return expr;
        if (shift.At != AtKind.None)
        {
            AddError(expr.Position, "@ <timestamp> may not be set multiple times");
            return expr;
        }
        return WithShift(expr, shift with { At = kind, AtTimestamp = timestamp });
    }

    private bool TryGetShift(Expr expr, string modifier, out TimeShift shift)
    {
        switch (expr)
        {
            case VectorSelector vector:
                shift = vector.Shift;
                return true;
            case MatrixSelector matrix:
                shift = matrix.Selector.Shift;
                return true;
            case SubqueryExpr subquery:
                shift = subquery.Shift;
                return true;
            case MisplacedRange:
                AddError(expr.Position, "ranges only allowed for vector selectors");
                break;
            default:
                AddError(expr.Position, modifier + " modifier must be preceded by an instant vector selector or range vector selector or a subquery");
                break;
        }
        shift = TimeShift.None;
        return false;
    }

    /// <summary>The selector with its shift; it now ends where the modifier ends.</summary>
    private Expr WithShift(Expr expr, TimeShift shift)
    {
        var position = new TextRange(expr.Position.Start, _lastEnd);
        return expr switch
        {
            VectorSelector vector => Copy(vector, position, shift),
            MatrixSelector matrix => new MatrixSelector(Copy(matrix.Selector, shift: shift), matrix.Range) { Position = position, Height = matrix.Height },
            SubqueryExpr subquery => new SubqueryExpr(subquery.Inner, subquery.Range, subquery.Step) { Position = position, Shift = shift, Height = subquery.Height },
            _ => expr,
        };
    }

    private Expr WithExtension(Expr expr, RangeExtension extension, string word)
    {
        if (!options.ExtendedRangeSelectors)
        {
            AddError(expr.Position, word + " modifier is experimental and not enabled");
            return expr;
        }
        switch (expr)
        {
            case VectorSelector vector:
                CheckExtension(expr, vector.Extension, extension);
                return Copy(vector, extension: extension);
            case MatrixSelector matrix:
                CheckExtension(expr, matrix.Selector.Extension, extension);
                return new MatrixSelector(Copy(matrix.Selector, extension: extension), matrix.Range) { Position = matrix.Position, Height = matrix.Height };
            case MisplacedRange:
                return expr;
            case SubqueryExpr:
                AddError(expr.Position, word + " modifier is not supported for subqueries");
                return expr;
            default:
                AddError(expr.Position, word + " modifier not implemented");
                return expr;
        }
    }

    private void CheckExtension(Expr expr, RangeExtension present, RangeExtension added)
    {
        if (present != RangeExtension.None && present != added)
            AddError(expr.Position, "anchored and smoothed modifiers cannot be used together");
    }
}
