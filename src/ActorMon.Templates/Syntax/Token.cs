using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Syntax;

internal enum TokenKind : byte
{
    Error,
    End,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    Bool,
    Character,
    CharacterConstant,
    Complex,
    Assign,
    Declare,
    Field,
    Identifier,
    LeftParenthesis,
    RightParenthesis,
    Number,
    Pipe,
    RawString,
    String,
    Variable,

    // Keywords are shown in angle brackets.
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    EndWord,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// <summary>A token: its text (for an error, the message), where it starts (in UTF-16 units) and on which line.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, int Line)
{
    private const int ShownLength = 10;

    /// <summary>As messages show it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Error => Text,
        >= TokenKind.Dot => $"<{Text}>",
        _ when ByteText.ByteCount(Text) > ShownLength => GoQuote.Quote(First(Text)) + "...",
        _ => GoQuote.Quote(Text),
    };

    private static string First(string text)
    {
        var first = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(ShownLength))
            first.Append(rune);
        return first.ToString();
    }
}
