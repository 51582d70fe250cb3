namespace ActorMon.PromQL.Lexing;

/// <summary>Inside brackets (durations) and braces (matchers), where other tokens are legal than outside.</summary>
public sealed partial class Lexer
{
    /// <summary>Right after "[" and until the first number only what duration expressions are made of is legal.</summary>
    private void ScanDurationExpression()
    {
        var c = Read();
        switch (c)
        {
            case EndOfInput:
                Fail("unexpected end of input in duration expression");
                break;
            case ']':
                Emit(TokenKind.RightBracket);
                _bracketOpen = false;
                _gotColon = false;
                _mode = Mode.Statements;
                break;
            case ':':
                Emit(TokenKind.Colon);
                if (!_gotDuration)
                    Fail("unexpected colon before duration in duration expression");
                else if (_gotColon)
                    Fail("unexpected repeated colon in duration expression");
                _gotColon = true;
                break;
            case '(':
                _parenDepth++;
                Emit(TokenKind.LeftParen);
                break;
            case ')':
                CloseParen(c);
                break;
            case ' ' or '\t' or '\n' or '\r':
                SkipSpaces();
                break;
            case '+' or '-' or '*' or '/' or '%' or '^':
                Emit(SingleCharOperator(c));
                break;
            case ',':
                Emit(TokenKind.Comma);
                break;
            default:
                if (IsDigit(c) || (c == '.' && IsDigit(Peek())))
                {
                    Unread();
                    _gotDuration = true;
                    _mode = Mode.Statements;
                    ScanNumberOrDuration();
                }
                else if (!TryScanDurationWord(c))
                {
                    Fail($"unexpected character in duration expression: {CharText.Quote(c)}");
                }
                break;
        }
    }

    /// <summary>Inside { } words are labels, never keywords.</summary>
    private void ScanInsideBraces()
    {
        _mode = Mode.Braces;
        var c = Read();
        switch (c)
        {
            case EndOfInput:
                Fail("unexpected end of input inside braces");
                break;
            case '#':
                ScanComment();
                break;
            case ' ' or '\t' or '\n' or '\r':
                SkipSpaces();
                break;
            case ',':
                Emit(TokenKind.Comma);
                break;
            case '"' or '\'' or '`':
                OpenString(c);
                break;
            case '=':
                if (Peek() == '~')
                    EmitTwo(TokenKind.EqlRegex);
                else
                    Emit(TokenKind.Eql);
                break;
            case '!':
                switch (Peek())
                {
                    case '~':
                        EmitTwo(TokenKind.NeqRegex);
                        break;
                    case '=':
                        EmitTwo(TokenKind.Neq);
                        break;
                    case var next:
                        Fail($"unexpected character after '!' inside braces: {CharText.Quote(next)}");
                        break;
                }
                break;
            case '{':
                Fail($"unexpected left brace {CharText.Quote(c)}");
                break;
            case '}':
                Emit(TokenKind.RightBrace);
                _braceOpen = false;
                _mode = _seriesDescription ? Mode.Values : Mode.Statements;
                break;
            default:
                if (IsAlpha(c))
                    ScanIdentifier();
                else
                    Fail($"unexpected character inside braces: {CharText.Quote(c)}");
                break;
        }
    }
}
