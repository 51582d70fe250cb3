using System.Buffers;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Lexing;

/// <summary>
/// Tokens of a query or of a series description, one at a time, over UTF-8 bytes. A token is never looked at before it is asked for: the parser
/// relies on that for the order of errors. After an error most states end the stream; inside a string scanning goes on.
/// </summary>
public sealed partial class Lexer
{
    private const int EndOfInput = -1;
    private const int InvalidRune = 0xFFFD;

    private enum Mode : byte
    {
        Statements,
        Duration,
        Braces,
        String,
        RawString,
        Values,
        Finished,
    }

    private readonly byte[] _input;
    private readonly bool _seriesDescription;
    private Mode _mode = Mode.Statements;
    private int _at;
    private int _start;
    private int _width;
    private int _parenDepth;
    private bool _braceOpen;
    private bool _bracketOpen;
    private bool _gotColon;
    private bool _gotDuration;
    private int _quote;
    private bool _scanned;
    private Token _token;

    public Lexer(byte[] input, bool seriesDescription = false)
    {
        _input = input;
        _seriesDescription = seriesDescription;
    }

    /// <summary>The next token, comments included; after the last one <see cref="TokenKind.Eof"/> for ever.</summary>
    public Token Next()
    {
        _scanned = false;
        while (!_scanned)
        {
            switch (_mode)
            {
                case Mode.Statements:
                    ScanStatement();
                    break;
                case Mode.Duration:
                    ScanDurationExpression();
                    break;
                case Mode.Braces:
                    ScanInsideBraces();
                    break;
                case Mode.String:
                    ScanString();
                    break;
                case Mode.RawString:
                    ScanRawString();
                    break;
                case Mode.Values:
                    ScanValues();
                    break;
                default:
                    Emit(TokenKind.Eof);
                    break;
            }
        }
        return _token;
    }

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

    private int Read()
    {
        if (_at >= _input.Length)
        {
            _width = 0;
            return EndOfInput;
        }
        var first = _input[_at];
        if (first < 0x80)
        {
            _width = 1;
            _at++;
            return first;
        }
        // Go's decoder steps over one byte of invalid UTF-8 at a time.
        if (Rune.DecodeFromUtf8(_input.AsSpan(_at), out var rune, out var used) != OperationStatus.Done)
        {
            _width = 1;
            _at++;
            return InvalidRune;
        }
        _width = used;
        _at += used;
        return rune.Value;
    }

    private void Unread() => _at -= _width;

    private int Peek()
    {
        var c = Read();
        Unread();
        return c;
    }

    private bool Accept(ReadOnlySpan<char> valid)
    {
        var c = Read();
        if (c is >= 0 and < 0x80 && valid.Contains((char)c))
            return true;
        Unread();
        return false;
    }

    private bool NextIs(ReadOnlySpan<char> valid)
    {
        var c = Peek();
        return c is >= 0 and < 0x80 && valid.Contains((char)c);
    }

    private string Text() => ByteText.Decode(_input.AsSpan(_start, _at - _start));

    private void Emit(TokenKind kind)
    {
        _token = new Token(kind, _start, _at, Text());
        _start = _at;
        _scanned = true;
    }

    private void EmitTwo(TokenKind kind)
    {
        Read();
        Emit(kind);
    }

    private void Finish(TokenKind kind)
    {
        Emit(kind);
        _mode = Mode.Finished;
    }

    /// <summary>An error token; its range runs from the token's start to the end of the input.</summary>
    private void FailAndGoOn(string message)
    {
        _token = new Token(TokenKind.Error, _start, _input.Length, message);
        _scanned = true;
    }

    private void Fail(string message)
    {
        FailAndGoOn(message);
        _mode = Mode.Finished;
    }

    private void SkipSpaces()
    {
        while (_at < _input.Length && IsSpace(_input[_at]))
            _at++;
        _start = _at;
    }

    private static bool IsSpace(int c) => c is ' ' or '\t' or '\n' or '\r';

    private static bool IsDigit(int c) => c is >= '0' and <= '9';

    private static bool IsAlpha(int c) => c == '_' || (uint)((c | 0x20) - 'a') <= 'z' - 'a';

    private static bool IsAlphaNumeric(int c) => IsAlpha(c) || IsDigit(c);
}
