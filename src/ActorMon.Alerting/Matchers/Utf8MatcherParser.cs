using System.Globalization;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Matchers;

/// <summary>The parser of Alertmanager 0.27 and later: names and values are any UTF-8, in double quotes where they hold reserved characters.</summary>
internal sealed class Utf8MatcherParser
{
    private const string EndOfInput = "end of input";
    private readonly MatcherLexer _lexer;
    private readonly List<AlertMatcher> _matchers = [];
    private string _error = "";

    private Utf8MatcherParser(string input) => _lexer = new MatcherLexer(input);

    public static bool TryParse(string input, out IReadOnlyList<AlertMatcher> matchers, out string error)
    {
        var parser = new Utf8MatcherParser(input);
        var read = parser.Read();
        matchers = parser._matchers;
        error = parser._error;
        return read;
    }

    private bool Read()
    {
        if (!_lexer.TryPeek(out var token))
            return Fail(_lexer.Error!);
        var hasBrace = token.Kind == MatcherToken.OpenBrace;
        if (hasBrace)
            _lexer.TryScan(out _);
        else if (token.Kind == MatcherToken.End)
            return true;
        if (!_lexer.TryPeek(out token))
            return Fail(_lexer.Error!);
        if (token.Kind is not (MatcherToken.End or MatcherToken.CloseBrace) && !ReadList())
            return false;
        return ReadClose(hasBrace) && ReadEnd();
    }

    /// <summary>Matchers with commas between them, up to a close brace or the end.</summary>
    private bool ReadList()
    {
        while (true)
        {
            if (!ReadMatcher())
                return false;
            if (!TryExpect(out var token, peek: true, "expected a comma or close brace", MatcherToken.Comma, MatcherToken.CloseBrace, MatcherToken.End))
                return false;
            if (token.Kind != MatcherToken.Comma)
                return true;
            _lexer.TryScan(out _);
            if (!TryExpect(out token, peek: true, "expected a matcher or close brace after comma",
                MatcherToken.CloseBrace, MatcherToken.Unquoted, MatcherToken.Quoted, MatcherToken.End))
                return false;
            if (token.Kind is MatcherToken.CloseBrace or MatcherToken.End)
                return true;
        }
    }

    private bool ReadMatcher()
    {
        if (!TryExpect(out var name, peek: false, "expected label name", MatcherToken.Quoted, MatcherToken.Unquoted) || !TryText(name, out var nameText))
            return false;
        if (!TryExpect(out var op, peek: false, "expected an operator such as '=', '!=', '=~' or '!~'",
            MatcherToken.Equal, MatcherToken.NotEqual, MatcherToken.Matches, MatcherToken.NotMatches))
            return false;
        if (!TryExpect(out var value, peek: false, "expected label value", MatcherToken.Unquoted, MatcherToken.Quoted) || !TryText(value, out var valueText))
            return false;
        try
        {
            _matchers.Add(new AlertMatcher(OperatorOf(op.Kind), nameText, valueText));
            return true;
        }
        catch (FormatException e)
        {
            return Fail("failed to create matcher: " + e.Message);
        }
    }

    private bool ReadClose(bool hasBrace)
    {
        var closed = _lexer.TryPeek(out var token) && token.Kind == MatcherToken.CloseBrace;
        if (closed)
            _lexer.TryScan(out _);
        if (closed == hasBrace)
            return true;
        if (closed)
            return Fail(string.Create(CultureInfo.InvariantCulture, $"0:{_lexer.ColumnEnd}: }}: expected opening brace"));
        var found = _lexer.Error ?? (token.Kind == MatcherToken.End ? EndOfInput : Unexpected(token));
        return Fail(string.Create(CultureInfo.InvariantCulture, $"0:{_lexer.ColumnEnd}: {found}: expected close brace"));
    }

    private bool ReadEnd()
    {
        if (!_lexer.TryScan(out var token))
            return Fail(_lexer.Error + ": expected end of input");
        return token.Kind == MatcherToken.End
            || Fail(string.Create(CultureInfo.InvariantCulture, $"{token.ColumnStart}:{token.ColumnEnd}: {token.Text}: expected end of input"));
    }

    private bool TryExpect(out LexedToken token, bool peek, string expected, params ReadOnlySpan<MatcherToken> kinds)
    {
        if (!_lexer.TryPeek(out token))
            return Fail($"{_lexer.Error}: {expected}");
        if (!kinds.Contains(token.Kind))
            return Fail($"{(token.Kind == MatcherToken.End ? EndOfInput : Unexpected(token))}: {expected}");
        if (!peek)
            _lexer.TryScan(out _);
        return true;
    }

    private bool TryText(LexedToken token, out string text)
    {
        text = token.Text;
        if (token.Kind == MatcherToken.Quoted ? GoUnquote.TryRead(token.Text, out text) : Model.Text.ByteText.IsValid(text))
            return true;
        return Fail(string.Create(CultureInfo.InvariantCulture, $"{token.ColumnStart}:{token.ColumnEnd}: {token.Text}: invalid input"));
    }

    private bool Fail(string error)
    {
        _error = error;
        _matchers.Clear();
        return false;
    }

    private static string Unexpected(LexedToken token) =>
        string.Create(CultureInfo.InvariantCulture, $"{token.ColumnStart}:{token.ColumnEnd}: unexpected {token.Text}");

    private static MatchOperator OperatorOf(MatcherToken kind) => kind switch
    {
        MatcherToken.Equal => MatchOperator.Equal,
        MatcherToken.NotEqual => MatchOperator.NotEqual,
        MatcherToken.Matches => MatchOperator.Regex,
        _ => MatchOperator.NotRegex,
    };
}
