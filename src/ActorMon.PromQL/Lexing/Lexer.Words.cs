namespace ActorMon.PromQL.Lexing;

/// <summary>Words, comments and strings.</summary>
public sealed partial class Lexer
{
    private void ScanIdentifier()
    {
        while (IsAlphaNumeric(Peek()))
            Read();
        Emit(TokenKind.Identifier);
        _mode = Mode.Statements;
    }

    private void ScanKeywordOrIdentifier()
    {
        var colon = false;
        while (Peek() is var c && (IsAlphaNumeric(c) || c == ':'))
        {
            colon |= c == ':';
            Read();
        }
        if (Keywords.TryFind(Text(), out var keyword))
            Emit(IsFill(keyword) && !ParenFollows() ? TokenKind.Identifier : keyword);
        else
            Emit(colon ? TokenKind.MetricIdentifier : TokenKind.Identifier);
        _mode = _seriesDescription && Peek() != '{' ? Mode.Values : Mode.Statements;
    }

    private static bool IsFill(TokenKind kind) => kind is TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight;

    /// <summary>The fill words came late to the language; without "(" they stay names, so that older queries keep their meaning.</summary>
    private bool ParenFollows()
    {
        var at = _at;
        while (at < _input.Length && IsSpace(_input[at]))
            at++;
        return at < _input.Length && _input[at] == '(';
    }

    /// <summary>Scans step, range, max_of or min_of, whose first character has been read.</summary>
    private bool TryScanDurationWord(int first)
    {
        if (first is not ('s' or 'S' or 'r' or 'R' or 'm' or 'M'))
            return false;
        while (IsAlpha(Peek()))
            Read();
        if (!Keywords.TryFindDurationWord(Text(), out var kind))
            return false;
        Emit(kind);
        return true;
    }

    private void ScanComment()
    {
        while (Peek() is not ('\r' or '\n' or EndOfInput))
            Read();
        Emit(TokenKind.Comment);
        _mode = Mode.Statements;
    }

    private void OpenString(int quote)
    {
        _quote = quote;
        _mode = quote == '`' ? Mode.RawString : Mode.String;
    }

    private void ScanString()
    {
        while (true)
        {
            var c = Read();
            switch (c)
            {
                case '\\':
                    ScanEscape();
                    if (_scanned)
                        return;
                    break;
                case InvalidRune:
                    FailAndGoOn("invalid UTF-8 rune");
                    return;
                case EndOfInput or '\n':
                    Fail("unterminated quoted string");
                    return;
                default:
                    if (c != _quote)
                        break;
                    Emit(TokenKind.String);
                    _mode = Mode.Statements;
                    return;
            }
        }
    }

    private void ScanRawString()
    {
        while (true)
        {
            var c = Read();
            switch (c)
            {
                case InvalidRune:
                    FailAndGoOn("invalid UTF-8 rune");
                    return;
                case EndOfInput:
                    Fail("unterminated raw string");
                    return;
                case '`':
                    Emit(TokenKind.String);
                    _mode = Mode.Statements;
                    return;
            }
        }
    }

    /// <summary>One escape sequence, the backslash has been read. Errors leave the string open, so scanning goes on behind them.</summary>
    private void ScanEscape()
    {
        var c = Read();
        int digits, numberBase;
        uint max;
        switch (c)
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\':
                return;
            case >= '0' and <= '7':
                (digits, numberBase, max) = (3, 8, 255);
                break;
            case 'x':
                (digits, numberBase, max) = (2, 16, 255);
                c = Read();
                break;
            case 'u':
                (digits, numberBase, max) = (4, 16, 0x10FFFF);
                c = Read();
                break;
            case 'U':
                (digits, numberBase, max) = (8, 16, 0x10FFFF);
                c = Read();
                break;
            case EndOfInput:
                FailAndGoOn("escape sequence not terminated");
                return;
            default:
                if (c != _quote)
                    FailAndGoOn($"unknown escape sequence {CharText.CodePoint(c)}");
                return;
        }
        uint value = 0;
        for (; digits > 0; digits--)
        {
            var digit = DigitValue(c);
            if (digit >= numberBase)
            {
                FailAndGoOn(c == EndOfInput ? "escape sequence not terminated" : $"illegal character {CharText.CodePoint(c)} in escape sequence");
                return;
            }
            value = (value * (uint)numberBase) + (uint)digit;
            if (digits > 1)
                c = Read();
        }
        if (value > max || value is >= 0xD800 and < 0xE000)
            FailAndGoOn("escape sequence is an invalid Unicode code point");
    }

    private static int DigitValue(int c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => 16,
    };
}
