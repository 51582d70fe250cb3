using System.Globalization;
using System.Runtime.CompilerServices;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>
/// Recursive descent with operator levels. The language's error texts come from a yacc grammar: which errors are reported, and what follows the first,
/// depends on how such a parser recovers. That is kept here: a failed rule returns null, which unwinds to the nearest rule with an error text of its own;
/// that one reports, stands in for what it expected, and puts the parser into recovery, in which tokens that do not fit are skipped in silence
/// until one fits.
/// </summary>
internal sealed partial class QueryParser(byte[] query, ParserOptions options, bool seriesDescription = false)
{
    /// <summary>The value of <see cref="_recovery"/> while no token has fitted since the last error.</summary>
    private const int JustFailed = 3;

    private readonly Lexer _lexer = new(query, seriesDescription);
    private readonly List<ParseError> _errors = [];
    private Token _token;
    private bool _looked;

    /// <summary>End of the last token read that can close an expression; 0 before the first.</summary>
    private int _lastClosing;

    /// <summary>End of the last token consumed.</summary>
    private int _lastEnd;
    private int _recovery;
    private bool _aborted;
    private int _depth;

    public IReadOnlyList<ParseError> Errors => _errors;

    public Expr? ParseQuery()
    {
        if (Look() == TokenKind.Eof)
        {
            AddError(default, "no expression found in input");
            return null;
        }
        var expr = ParseExpression(1);
        FinishInput(expr is not null);
        if (_errors.Count == 0)
            new TypeChecker(query, _errors).Check(expr!);
        return expr;
    }

    public VectorSelector? ParseSelectorOnly()
    {
        VectorSelector? selector = null;
        if (Look().CanNameMetric() || _token.Kind == TokenKind.LeftBrace)
            selector = ParseVectorSelector();
        FinishInput(selector is not null);
        return selector;
    }

    /// <summary>Nothing but the end may follow; the rest of a wrong query is read for the sake of the lexer's errors.</summary>
    private void FinishInput(bool parsed)
    {
        if (_aborted)
            return;
        if (parsed && Look() is TokenKind.Eof or TokenKind.End)
            return;
        if (!parsed || _recovery != JustFailed)
            AddUnexpected("", "");
        while (Look() is not (TokenKind.Eof or TokenKind.End))
            _looked = false;
    }

    /// <summary>The kind of the next token, which is read now if it was not yet.</summary>
    private TokenKind Look()
    {
        if (_looked)
            return _token.Kind == TokenKind.Error ? TokenKind.End : _token.Kind;
        _looked = true;
        // The end is for ever: nothing is read behind an error or the end of the input.
        if (_token.Kind is TokenKind.Error or TokenKind.Eof)
            return TokenKind.End;
        do
            _token = _lexer.Next();
        while (_token.Kind == TokenKind.Comment);
        switch (_token.Kind)
        {
            case TokenKind.Error:
                AddError(_token.Position, _token.Text);
                return TokenKind.End;
            case TokenKind.RightBrace or TokenKind.RightParen or TokenKind.RightBracket or TokenKind.Duration or TokenKind.Number:
                _lastClosing = _token.End;
                break;
        }
        return _token.Kind;
    }

    /// <summary>Consumes the token looked at.</summary>
    private Token Take()
    {
        Look();
        _looked = false;
        _lastEnd = _token.End;
        if (_recovery > 0)
            _recovery--;
        return _token;
    }

    /// <summary>Consumes a token of the kind; in recovery tokens that do not fit are skipped. False: it does not come.</summary>
    private bool Expect(TokenKind kind)
    {
        while (Look() != kind)
            if (!Skip())
                return false;
        Take();
        return true;
    }

    /// <summary>Skips a token that does not fit, if nothing has fitted since the last error. At the end of the input parsing is given up.</summary>
    private bool Skip()
    {
        if (_aborted || _recovery != JustFailed)
            return false;
        if (Look() is TokenKind.End or TokenKind.Eof)
        {
            _aborted = true;
            return false;
        }
        _looked = false;
        return true;
    }

    private void AddError(TextRange position, string message)
    {
        if (_errors.Count < ParseError.MaxKept)
            _errors.Add(ParseError.At(position, message, query));
    }

    /// <summary>Reports the token looked at and enters recovery. An error of the lexer has been reported already.</summary>
    private void AddUnexpected(string context, string expected)
    {
        _recovery = JustFailed;
        if (_token.Kind == TokenKind.Error)
            return;
        var message = "unexpected " + _token.Describe();
        if (context.Length > 0)
            message += " in " + context;
        if (expected.Length > 0)
            message += ", expected " + expected;
        AddError(_token.Position, message);
    }

    private bool EnterLevel()
    {
        if (++_depth <= PromQLParser.MaxDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return true;
        FailTooDeep();
        return false;
    }

    private void LeaveLevel() => _depth--;

    private void FailTooDeep()
    {
        if (_aborted)
            return;
        _aborted = true;
        var at = _lastEnd;
        AddError(new TextRange(at, at), string.Create(CultureInfo.InvariantCulture, $"expression nests deeper than {PromQLParser.MaxDepth} levels"));
    }

    /// <summary>The height of a node over its parts; null when that is too much.</summary>
    private int? HeightOver(params ReadOnlySpan<Expr?> parts)
    {
        var height = 0;
        foreach (var part in parts)
            height = Math.Max(height, part?.Height ?? 0);
        if (height < PromQLParser.MaxDepth)
            return height + 1;
        FailTooDeep();
        return null;
    }
}
