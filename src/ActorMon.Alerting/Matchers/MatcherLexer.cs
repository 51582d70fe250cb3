using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Matchers;

internal enum MatcherToken : byte
{
    End,
    OpenBrace,
    CloseBrace,
    Comma,
    Equal,
    NotEqual,
    Matches,
    NotMatches,
    Quoted,
    Unquoted,
}

/// <summary>A token and its place: columns count characters, offsets UTF-16 units of the input; both ends exclusive.</summary>
internal readonly record struct LexedToken(MatcherToken Kind, string Text, int ColumnStart, int ColumnEnd, int OffsetStart, int OffsetEnd);

/// <summary>Splits text into the tokens of the UTF-8 matcher syntax (Alertmanager's matcher/parse). After an error it gives that error again.</summary>
internal sealed class MatcherLexer(string input)
{
    private int _start;
    private int _position;
    private int _column;
    private int _columns;

    /// <summary>What is wrong with the input, in the original's words; null until it is met.</summary>
    public string? Error { get; private set; }

    /// <summary>Where the last token ended, in characters.</summary>
    public int ColumnEnd => _columns;

    /// <summary>White space and the characters with a meaning of their own.</summary>
    public static bool IsReserved(char c) => char.IsWhiteSpace(c) || "{}!=~,\\\"'`".Contains(c, StringComparison.Ordinal);

    /// <summary>The next token without taking it.</summary>
    public bool TryPeek(out LexedToken token)
    {
        var (start, position, column, columns) = (_start, _position, _column, _columns);
        var read = TryScan(out token);
        (_start, _position, _column, _columns) = (start, position, column, columns);
        return read;
    }

    /// <summary>Takes the next token; false when the input is wrong (see <see cref="Error"/>).</summary>
    public bool TryScan(out LexedToken token)
    {
        token = default;
        if (Error is not null)
            return false;
        while (_position < input.Length && char.IsWhiteSpace(input[_position]))
            Advance();
        (_start, _column) = (_position, _columns);
        if (_position == input.Length)
        {
            token = new LexedToken(MatcherToken.End, "", _column, _columns, _start, _position);
            return true;
        }
        var kind = input[_position] switch
        {
            '{' => Single(MatcherToken.OpenBrace),
            '}' => Single(MatcherToken.CloseBrace),
            ',' => Single(MatcherToken.Comma),
            '=' => Equality(),
            '!' => Negation(),
            '"' => Quoted(),
            var c when !IsReserved(c) => Unquoted(),
            _ => Invalid(),
        };
        if (Error is not null)
            return false;
        token = new LexedToken(kind, input[_start.._position], _column, _columns, _start, _position);
        (_start, _column) = (_position, _columns);
        return true;
    }

    private MatcherToken Single(MatcherToken kind)
    {
        Advance();
        return kind;
    }

    private MatcherToken Equality()
    {
        Advance();
        return Accept('~') ? MatcherToken.Matches : MatcherToken.Equal;
    }

    private MatcherToken Negation()
    {
        Advance();
        if (Accept('='))
            return MatcherToken.NotEqual;
        if (Accept('~'))
            return MatcherToken.NotMatches;
        Error = _position >= input.Length
            ? Place("unexpected end of input, expected one of '=~'")
            : Place($"{input[_start.._position]}: expected one of '=~'");
        return MatcherToken.End;
    }

    private MatcherToken Quoted()
    {
        Advance();
        var escaped = false;
        while (_position < input.Length)
        {
            var c = input[_position];
            Advance();
            if (escaped)
                escaped = false;
            else if (c == '\\')
                escaped = true;
            else if (c == '"')
                return MatcherToken.Quoted;
        }
        Error = Place($"{input[_start..]}: missing end \"");
        return MatcherToken.End;
    }

    private MatcherToken Unquoted()
    {
        while (_position < input.Length && !IsReserved(input[_position]))
            Advance();
        return MatcherToken.Unquoted;
    }

    private MatcherToken Invalid()
    {
        Advance();
        Error = Place($"{input[_start.._position]}: invalid input");
        return MatcherToken.End;
    }

    private bool Accept(char wanted)
    {
        if (_position == input.Length || input[_position] != wanted)
            return false;
        Advance();
        return true;
    }

    private void Advance()
    {
        Rune.DecodeFromUtf16(input.AsSpan(_position), out _, out var used);
        _position += used;
        _columns++;
    }

    private string Place(string text) => string.Create(CultureInfo.InvariantCulture, $"{_column}:{_columns}: {text}");

    /// <summary>The offset in bytes of a place in the input, as the original counts.</summary>
    public int ByteOffset(int offset) => ByteText.ByteCount(input.AsSpan(0, offset));
}
