namespace ActorMon.Exposition.Lexing;

/// <summary>Tokens of the two text formats.</summary>
internal enum Token : byte
{
    Invalid,
    Eof,
    Linebreak,
    Help,
    Type,
    Unit,
    EofWord,
    Text,
    Comment,
    MetricName,
    QuotedString,
    BraceOpen,
    BraceClose,
    LabelName,
    LabelValue,
    Comma,
    EqualSign,
    Timestamp,
    Value,
}

/// <summary>What a lexer expects next.</summary>
internal enum LexState : byte
{
    Init,
    Comment,
    MetaName,
    MetaText,
    Labels,
    LabelValue,
    Value,
    Timestamp,
    Exemplar,
    ExemplarValue,
    ExemplarTimestamp,
}

internal static class Tokens
{
    /// <summary>The token as the peer's error texts name it.</summary>
    public static string Name(Token token) => token switch
    {
        Token.Eof => "EOF",
        Token.Linebreak => "LINEBREAK",
        Token.Help => "HELP",
        Token.Type => "TYPE",
        Token.Unit => "UNIT",
        Token.EofWord => "EOFWORD",
        Token.Text => "TEXT",
        Token.Comment => "COMMENT",
        Token.MetricName => "MNAME",
        Token.QuotedString => "QSTRING",
        Token.BraceOpen => "BOPEN",
        Token.BraceClose => "BCLOSE",
        Token.LabelName => "LNAME",
        Token.LabelValue => "LVALUE",
        Token.Comma => "COMMA",
        Token.EqualSign => "EQUAL",
        Token.Timestamp => "TIMESTAMP",
        Token.Value => "VALUE",
        _ => "INVALID",
    };
}
