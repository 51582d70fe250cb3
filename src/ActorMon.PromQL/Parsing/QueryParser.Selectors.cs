using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>Vector selectors and their label matchers.</summary>
internal sealed partial class QueryParser
{
    private VectorSelector? ParseVectorSelector() => ParseVectorSelector(Look() == TokenKind.LeftBrace ? null : Take());

    private VectorSelector? ParseVectorSelector(Token? name)
    {
        var matchers = new List<Matcher>();
        var start = name?.Start ?? -1;
        var end = name?.End ?? 0;
        if (Look() == TokenKind.LeftBrace)
        {
            if (start < 0)
                start = _token.Start;
            if (!ParseMatchers(matchers))
                return null;
            end = _lastEnd;
        }
        if (name is { } outside)
            matchers.Add(Matcher.MetricNamed(outside.Text));
        return new VectorSelector(name?.Text ?? "", matchers) { Position = new TextRange(start, end) };
    }

    /// <summary>"{" matchers "}". Reports its own errors; false: given up.</summary>
    private bool ParseMatchers(List<Matcher> matchers) => ParseBraceList("label matching", () =>
    {
        if (ParseMatcher() is { } matcher)
            matchers.Add(matcher);
    });

    /// <summary>"{" items between commas, a last comma allowed "}". Reports its own errors; false: given up.</summary>
    private bool ParseBraceList(string context, Action parseItem)
    {
        Take();
        if (Look() == TokenKind.RightBrace)
        {
            Take();
            return true;
        }
        while (true)
        {
            parseItem();
            if (!SkipToListSeparator(TokenKind.RightBrace, context, "\",\" or \"}\""))
                return false;
            if (Take().Kind == TokenKind.RightBrace)
                return true;
            if (Look() != TokenKind.RightBrace)
                continue;
            Take();
            return true;
        }
    }

    private Matcher? ParseMatcher()
    {
        const string context = "label matching";
        var kind = Look();
        if (kind is not (TokenKind.Identifier or TokenKind.String))
        {
            AddUnexpected(context, "identifier or \"}\"");
            return null;
        }
        var token = Take();
        var label = kind == TokenKind.String ? StringText.Unquote(token.Text) : token.Text;
        if (Operator(Look()) is not { } op)
        {
            if (kind == TokenKind.String)
                return Matcher.Equal(LabelNames.MetricName, label);
            AddUnexpected(context, "label matching operator");
            return null;
        }
        Take();
        if (Look() != TokenKind.String)
        {
            AddUnexpected(context, "string");
            return null;
        }
        var value = Take();
        try
        {
            return new Matcher(op, label, StringText.Unquote(value.Text));
        }
        catch (FormatException e)
        {
            AddError(new TextRange(token.Start, value.End), e.Message);
            return null;
        }
    }

    private static MatchOperator? Operator(TokenKind kind) => kind switch
    {
        TokenKind.Eql => MatchOperator.Equal,
        TokenKind.Neq => MatchOperator.NotEqual,
        TokenKind.EqlRegex => MatchOperator.Regex,
        TokenKind.NeqRegex => MatchOperator.NotRegex,
        _ => null,
    };

    private static VectorSelector Copy(
        VectorSelector from, TextRange? position = null, TimeShift? shift = null, RangeExtension? extension = null, bool mayMatchAll = false) =>
        new(from.Name, from.Matchers)
        {
            Position = position ?? from.Position,
            Shift = shift ?? from.Shift,
            Extension = extension ?? from.Extension,
            MayMatchAll = mayMatchAll || from.MayMatchAll,
        };
}
