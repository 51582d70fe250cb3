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
