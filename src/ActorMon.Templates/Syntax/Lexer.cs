using System.Buffers;
using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Syntax;

/// <summary>Cuts a template into tokens, one at a time (text/template's lexical rules: {{ }}, trim markers, comments).</summary>
internal sealed class Lexer(string input)
{
    private const string Left = "{{";
    private const string Right = "}}";
    private const string CommentStart = "/*";
    private const string CommentEnd = "*/";
    private const string Blank = " \t\r\n";
    private const int EndOfInput = -1;

    private int _at;
    private int _start;
    private int _startLine = 1;
    private int _countedTo;
    private bool _inAction;
    private int _parentheses;
    private bool _trimNextText;
    private bool _finished;

    /// <summary>The next token; after the end or an error always the end.</summary>
    public Token Next()
    {
        _start = _at;
        if (_finished)
            return Emit(TokenKind.End);
        return _inAction ? InsideAction() : Outside();
    }

    private Token Outside()
    {
        while (true)
        {
            _start = _at;
            var delimiter = input.IndexOf(Left, _at, StringComparison.Ordinal);
            var end = delimiter < 0 ? input.Length : delimiter;
            var textEnd = end;
            if (delimiter >= 0 && HasTrimAfterLeft(delimiter))
                while (textEnd > _at && Blank.Contains(input[textEnd - 1], StringComparison.Ordinal))
                    textEnd--;
            if (_trimNextText)
                while (_start < textEnd && Blank.Contains(input[_start], StringComparison.Ordinal))
                    _start++;
            _trimNextText = false;
            if (textEnd > _start)
            {
                _at = textEnd;
                var token = Emit(TokenKind.Text);
                _at = end;
                return token;
            }
            _at = end;
            _start = end;
            if (delimiter < 0)
            {
                _finished = true;
                return Emit(TokenKind.End);
            }
            var afterMarker = delimiter + Left.Length + (HasTrimAfterLeft(delimiter) ? 2 : 0);
            if (!Starts(afterMarker, CommentStart))
            {
                _at = delimiter + Left.Length;
                var token = Emit(TokenKind.LeftDelimiter);
                _at = afterMarker;
                _inAction = true;
                _parentheses = 0;
                return token;
            }
            _at = afterMarker;
            _start = _at;
            if (SkipComment() is { } error)
                return error;
        }
    }

    private Token? SkipComment()
    {
        var end = input.IndexOf(CommentEnd, _at + CommentStart.Length, StringComparison.Ordinal);
        if (end < 0)
            return Fail("unclosed comment");
        end += CommentEnd.Length;
        if (HasTrimBeforeRight(end))
        {
            _trimNextText = true;
            end += 2;
        }
        else if (!Starts(end, Right))
        {
            return Fail("comment ends before closing delimiter");
        }
        _at = end + Right.Length;
        return null;
    }

    private Token InsideAction()
    {
        var trims = HasTrimBeforeRight(_at);
        if (trims || Starts(_at, Right))
        {
            if (_parentheses > 0)
                return Fail("unclosed left paren");
            if (trims)
            {
                _at += 2;
                _start = _at;
                _trimNextText = true;
            }
            _at += Right.Length;
            _inAction = false;
            return Emit(TokenKind.RightDelimiter);
        }
        var c = Read();
        switch (c)
        {
            case EndOfInput:
                return Fail("unclosed action");
            case ' ' or '\t' or '\r' or '\n':
                return Spaces();
            case '=':
                return Emit(TokenKind.Assign);
            case ':':
                return Read() == '=' ? Emit(TokenKind.Declare) : Fail("expected :=");
            case '|':
                return Emit(TokenKind.Pipe);
            case '"':
                return Quoted('"', TokenKind.String, "unterminated quoted string");
            case '`':
                return RawString();
            case '$':
                return Name(TokenKind.Variable);
            case '\'':
                return Quoted('\'', TokenKind.CharacterConstant, "unterminated character constant");
            case '.' when _at >= input.Length || !char.IsAsciiDigit(input[_at]):
                return AtTerminator() ? Emit(TokenKind.Dot) : Name(TokenKind.Field);
            case '.' or '+' or '-' or (>= '0' and <= '9'):
                _at = _start;
                return Number();
            case '(':
                _parentheses++;
                return Emit(TokenKind.LeftParenthesis);
            case ')':
                return --_parentheses < 0 ? Fail("unexpected right paren") : Emit(TokenKind.RightParenthesis);
        }
        if (IsAlphanumeric(c))
            return Word();
        return c is > ' ' and < 0x7F ? Emit(TokenKind.Character) : Fail($"unrecognized character in action: {Describe(c)}");
    }

    private Token Spaces()
    {
        while (_at < input.Length && Blank.Contains(input[_at], StringComparison.Ordinal) && !HasTrimBeforeRight(_at))
            _at++;
        return Emit(TokenKind.Space);
    }

    private Token Word()
    {
        while (IsAlphanumeric(Peek()))
            Read();
        if (!AtTerminator())
            return Fail($"bad character {Describe(Peek())}");
        var word = input[_start.._at];
        return Emit(word switch
        {
            "block" => TokenKind.Block,
            "break" => TokenKind.Break,
            "continue" => TokenKind.Continue,
            "define" => TokenKind.Define,
            "else" => TokenKind.Else,
            "end" => TokenKind.EndWord,
            "if" => TokenKind.If,
            "nil" => TokenKind.Nil,
            "range" => TokenKind.Range,
            "template" => TokenKind.Template,
            "with" => TokenKind.With,
            "true" or "false" => TokenKind.Bool,
            _ => TokenKind.Identifier,
        });
    }

    private Token Name(TokenKind kind)
    {
        if (AtTerminator())
            return Emit(kind);
        while (IsAlphanumeric(Peek()))
            Read();
        return AtTerminator() ? Emit(kind) : Fail($"bad character {Describe(Peek())}");
    }

    private Token Quoted(char quote, TokenKind kind, string unterminated)
    {
        while (true)
        {
            var c = Read();
            if (c == '\\')
                c = Read() is var escaped && escaped is EndOfInput or '\n' ? '\n' : 0;
            if (c is EndOfInput or '\n')
                return Fail(unterminated);
            if (c == quote)
                return Emit(kind);
        }
    }

    private Token RawString()
    {
        var end = input.IndexOf('`', _at);
        if (end < 0)
            return Fail("unterminated raw quoted string");
        _at = end + 1;
        return Emit(TokenKind.RawString);
    }

    private Token Number()
    {
        if (!ScanNumber())
            return Fail($"bad number syntax: {GoQuote.Quote(input[_start.._at])}");
        if (Peek() is not ('+' or '-'))
            return Emit(TokenKind.Number);
        // 1+2i: no space, and the second part must be imaginary.
        return ScanNumber() && input[_at - 1] == 'i' ? Emit(TokenKind.Complex) : Fail($"bad number syntax: {GoQuote.Quote(input[_start.._at])}");
    }

    private bool ScanNumber()
    {
        Accept("+-");
        var digits = "0123456789_";
        if (Accept("0"))
        {
            if (Accept("xX"))
                digits = "0123456789abcdefABCDEF_";
            else if (Accept("oO"))
                digits = "01234567_";
            else if (Accept("bB"))
                digits = "01_";
        }
        AcceptRun(digits);
        if (Accept("."))
            AcceptRun(digits);
        if ((digits.Length == 11 && Accept("eE")) || (digits.Length == 23 && Accept("pP")))
        {
            Accept("+-");
            AcceptRun("0123456789_");
        }
        Accept("i");
        if (!IsAlphanumeric(Peek()))
            return true;
        Read();
        return false;
    }

    private bool Accept(string set)
    {
        if (_at >= input.Length || !set.Contains(input[_at], StringComparison.Ordinal))
            return false;
        _at++;
        return true;
    }

    private void AcceptRun(string set)
    {
        while (Accept(set))
        {
        }
    }

    private bool AtTerminator() => Peek() is EndOfInput or ' ' or '\t' or '\r' or '\n' or '.' or ',' or '|' or ':' or ')' or '(' || Starts(_at, Right);

    private int Peek() => DecodeAt(_at, out _);

    private int Read()
    {
        var c = DecodeAt(_at, out var used);
        _at += used;
        return c;
    }

    private int DecodeAt(int at, out int used)
    {
        used = 0;
        if (at >= input.Length)
            return EndOfInput;
        return Rune.DecodeFromUtf16(input.AsSpan(at), out var rune, out used) == OperationStatus.Done ? rune.Value : Rune.ReplacementChar.Value;
    }

    private bool Starts(int at, string text) => at <= input.Length && input.AsSpan(at).StartsWith(text);

    private bool HasTrimAfterLeft(int delimiter) =>
        delimiter + 3 < input.Length && input[delimiter + 2] == '-' && Blank.Contains(input[delimiter + 3], StringComparison.Ordinal);

    private bool HasTrimBeforeRight(int at) =>
        at >= 0 && at + 1 < input.Length && Blank.Contains(input[at], StringComparison.Ordinal) && input[at + 1] == '-' && Starts(at + 2, Right);

    private static bool IsAlphanumeric(int c) =>
        c == '_' || (c >= 0 && Rune.IsValid(c) && (Rune.IsLetter(new Rune(c)) || Rune.GetUnicodeCategory(new Rune(c)) == UnicodeCategory.DecimalDigitNumber));

    /// <summary>%#U: the code point, and the character itself when it can be seen.</summary>
    private static string Describe(int c)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"U+{Math.Max(c, 0):X4}");
        var text = c < 0 ? "\0" : char.ConvertFromUtf32(c);
        return GoQuote.Quote(text) is var quoted && (quoted.Contains('\\', StringComparison.Ordinal) && c != '"' && c != '\\') ? code : $"{code} '{text}'";
    }

    private Token Emit(TokenKind kind) => new(kind, _start, input[_start.._at], LineOf(_start));

    private Token Fail(string message)
    {
        _finished = true;
        var token = new Token(TokenKind.Error, _start, message, LineOf(_start));
        _at = input.Length;
        return token;
    }

    private int LineOf(int position)
    {
        if (position > _countedTo)
        {
            _startLine += input.AsSpan(_countedTo, position - _countedTo).Count('\n');
            _countedTo = position;
        }
        return _startLine;
    }
}
