using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>What may stand between a binary operator and its right side, and lists of grouping labels.</summary>
internal sealed partial class QueryParser
{
    private readonly record struct BinaryModifiers(bool ReturnBool, VectorMatching Matching);

    private BinaryModifiers? ParseBinaryModifiers()
    {
        var matching = new VectorMatching();
        var returnBool = Look() == TokenKind.Bool;
        if (returnBool)
            Take();
        if (Look() is TokenKind.On or TokenKind.Ignoring)
        {
            var on = Take().Kind == TokenKind.On;
            matching = matching with { On = on, MatchingLabels = ParseGroupingLabels() };
            if (!_aborted && Look() is TokenKind.GroupLeft or TokenKind.GroupRight)
            {
                var cardinality = Take().Kind == TokenKind.GroupLeft ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany;
                matching = matching with { Cardinality = cardinality, Include = ParseOptionalGroupingLabels() };
            }
        }
        if (_aborted || ParseFill(matching) is not { } filled)
            return null;
        return new BinaryModifiers(returnBool, filled);
    }

    /// <summary>group_left and group_right need no list; an operand may follow at once.</summary>
    private List<string> ParseOptionalGroupingLabels()
    {
        var next = Look();
        return next != TokenKind.LeftParen && next.CanStartExpression() ? [] : ParseGroupingLabels();
    }

    private VectorMatching? ParseFill(VectorMatching matching)
    {
        var kind = Look();
        if (kind is not (TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight))
            return matching;
        Take();
        if (ParseFillValue() is not { } first)
            return null;
        if (kind == TokenKind.Fill)
            return matching with { FillLeft = first, FillRight = first };
        matching = kind == TokenKind.FillLeft ? matching with { FillLeft = first } : matching with { FillRight = first };
        var other = kind == TokenKind.FillLeft ? TokenKind.FillRight : TokenKind.FillLeft;
        if (Look() != other)
            return matching;
        Take();
        if (ParseFillValue() is not { } second)
            return null;
        return other == TokenKind.FillLeft ? matching with { FillLeft = second } : matching with { FillRight = second };
    }

    private double? ParseFillValue()
    {
        if (!Expect(TokenKind.LeftParen))
            return null;
        var negative = Look() == TokenKind.Sub;
        if (negative || Look() == TokenKind.Add)
            Take();
        if (Look() is not (TokenKind.Number or TokenKind.Duration))
            return null;
        var value = NumberValue(Take());
        if (!Expect(TokenKind.RightParen))
            return null;
        return negative ? -value : value;
    }

    /// <summary>"(" labels ")". Reports its own errors, so there is always a list; only giving up (<see cref="_aborted"/>) leaves it unfinished.</summary>
    private List<string> ParseGroupingLabels()
    {
        var labels = new List<string>();
        if (Look() != TokenKind.LeftParen)
        {
            AddUnexpected("grouping opts", "\"(\"");
            return labels;
        }
        Take();
        if (Look() == TokenKind.RightParen)
        {
            Take();
            return labels;
        }
        while (true)
        {
            ParseGroupingLabel(labels);
            if (!SkipToListSeparator(TokenKind.RightParen, "grouping opts", "\",\" or \")\""))
                return labels;
            if (Take().Kind == TokenKind.RightParen)
                return labels;
            if (Look() != TokenKind.RightParen)
                continue;
            Take();
            return labels;
        }
    }

    private void ParseGroupingLabel(List<string> labels)
    {
        var kind = Look();
        if (kind != TokenKind.String && !kind.CanNameLabel())
        {
            AddUnexpected("grouping opts", "label");
            return;
        }
        var token = Take();
        var label = kind == TokenKind.String ? StringText.Unquote(token.Text) : token.Text;
        if (label.Length == 0 || !ByteText.IsValid(label))
            AddError(token.Position, $"invalid label name for grouping: {GoQuote.Quote(label)}");
        labels.Add(label);
    }

    /// <summary>Stops in front of "," or the closing token; anything else is reported once, then skipped. False: given up.</summary>
    private bool SkipToListSeparator(TokenKind close, string context, string expected)
    {
        while (Look() != TokenKind.Comma && _token.Kind != close)
        {
            if (_recovery != JustFailed)
                AddUnexpected(context, expected);
            if (!Skip())
                return false;
        }
        return true;
    }

    private BinaryExpr? NewBinary(BinaryOp op, Expr left, Expr right, BinaryModifiers modifiers)
    {
        var position = new TextRange(left.Position.Start, right.Position.End);
        var written = modifiers.Matching;
        if (!options.BinopFillModifiers && (written.FillLeft ?? written.FillRight) is not null)
            AddError(position, "binop fill modifiers are experimental and not enabled");
        if (HeightOver(left, right) is not { } height)
            return null;
        var vectors = left.Kind == ValueKind.Vector && right.Kind == ValueKind.Vector;
        var matching = op.IsSetOperator() && written.Cardinality == MatchCardinality.OneToOne
            ? written with { Cardinality = MatchCardinality.ManyToMany }
            : written;
        return new BinaryExpr(op, left, right)
        {
            Position = position,
            Height = height,
            ReturnBool = modifiers.ReturnBool,
            WrittenMatching = matching,
            Matching = vectors ? matching : null,
        };
    }
}
