namespace ActorMon.PromQL.Lexing;

/// <summary>Outside braces and brackets: operators, parentheses, and what opens the other modes.</summary>
public sealed partial class Lexer
{
    private void ScanStatement()
    {
        if (_histogram != HistogramPart.None)
        {
            ScanHistogram();
            return;
        }
        if (_braceOpen)
        {
            ScanInsideBraces();
            return;
        }
        var c = Read();
        switch (c)
        {
            case EndOfInput:
                ScanEnd();
                break;
            case '#':
                ScanComment();
                break;
            case ',':
                Emit(TokenKind.Comma);
                break;
            case ' ' or '\t' or '\n' or '\r':
                SkipSpaces();
                break;
            case '*' or '/' or '%' or '+' or '-' or '^' or '@':
                Emit(SingleCharOperator(c));
                break;
            case '=' or '!' or '<' or '>':
                ScanComparison(c);
                break;
            case '"' or '\'' or '`':
                OpenString(c);
                break;
            case '(':
                _parenDepth++;
                Emit(TokenKind.LeftParen);
                break;
            case ')':
                CloseParen(c);
                break;
            case '{':
                Emit(TokenKind.LeftBrace);
                _braceOpen = true;
                _mode = Mode.Braces;
                break;
            case '[':
                OpenBracket(c);
                break;
            case ']':
                if (_bracketOpen)
                    Emit(TokenKind.RightBracket);
                else
                    Fail($"unexpected right bracket {CharText.Quote(c)}");
                _bracketOpen = false;
                break;
            default:
                ScanWordOrNumber(c);
                break;
        }
    }

    private void ScanWordOrNumber(int c)
    {
        if (IsDigit(c) || (c == '.' && IsDigit(Peek())))
        {
            Unread();
            ScanNumberOrDuration();
        }
        else if (!IsAlpha(c) && c != ':')
        {
            Fail($"unexpected character: {CharText.Quote(c)}");
        }
        else if (!_bracketOpen)
        {
            Unread();
            ScanKeywordOrIdentifier();
        }
        else if (c == ':')
        {
            // After a duration in brackets scanning is back among the statements, where only the colon and the duration words are legal.
            if (_gotColon)
            {
                Fail($"unexpected colon {CharText.Quote(c)}");
                return;
            }
            Emit(TokenKind.Colon);
            _gotColon = true;
        }
        else if (!TryScanDurationWord(c))
        {
            Fail($"unexpected character: {CharText.Quote(c)}, expected {CharText.Quote(':')}");
        }
    }

    private void ScanEnd()
    {
        if (_parenDepth != 0)
            Fail("unclosed left parenthesis");
        else if (_bracketOpen)
            Fail("unclosed left bracket");
        else
            Finish(TokenKind.Eof);
    }

    private void ScanComparison(int c)
    {
        var next = Peek();
        switch (c)
        {
            case '=' when next == '=':
                EmitTwo(TokenKind.Eqlc);
                break;
            case '=' when next == '~':
                Fail($"unexpected character after '=': {CharText.Quote(next)}");
                break;
            case '=':
                Emit(TokenKind.Eql);
                break;
            case '!' when next == '=':
                EmitTwo(TokenKind.Neq);
                break;
            case '!':
                Fail($"unexpected character after '!': {CharText.Quote(next)}");
                break;
            case '<' when next == '=':
                EmitTwo(TokenKind.Lte);
                break;
            case '<' when next == '/':
                EmitTwo(TokenKind.TrimUpper);
                break;
            case '<':
                Emit(TokenKind.Lss);
                break;
            case '>' when next == '=':
                EmitTwo(TokenKind.Gte);
                break;
            case '>' when next == '/':
                EmitTwo(TokenKind.TrimLower);
                break;
            default:
                Emit(TokenKind.Gtr);
                break;
        }
    }

    private void OpenBracket(int c)
    {
        if (_bracketOpen)
        {
            Fail($"unexpected left bracket {CharText.Quote(c)}");
            return;
        }
        _gotColon = false;
        Emit(TokenKind.LeftBracket);
        SkipSpaces();
        _bracketOpen = true;
        _mode = Mode.Duration;
    }

    private void CloseParen(int c)
    {
        Emit(TokenKind.RightParen);
        if (--_parenDepth < 0)
            Fail($"unexpected right parenthesis {CharText.Quote(c)}");
    }

    private static TokenKind SingleCharOperator(int c) => c switch
    {
        '*' => TokenKind.Mul,
        '/' => TokenKind.Div,
        '%' => TokenKind.Mod,
        '+' => TokenKind.Add,
        '-' => TokenKind.Sub,
        '^' => TokenKind.Pow,
        _ => TokenKind.At,
    };
}
