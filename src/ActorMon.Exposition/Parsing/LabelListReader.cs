using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using ActorMon.Exposition.Lexing;

namespace ActorMon.Exposition.Parsing;

/// <summary>Where the two formats' label lists differ.</summary>
internal enum LabelListKind : byte
{
    /// <summary>Text format: the comma between labels may be missing, as the peer forgives it.</summary>
    Text,

    /// <summary>A series of OpenMetrics.</summary>
    OpenMetrics,

    /// <summary>An exemplar of OpenMetrics: no metric name inside.</summary>
    Exemplar,
}

/// <summary>Reads a series' name and labels into spans, for either text format.</summary>
internal static class LabelListReader
{
    /// <summary>Reads from behind the opening brace to behind the closing one.</summary>
    /// <exception cref="ExpositionException">With the peer's text.</exception>
    public static void Read<TLexer>(ref TLexer lexer, LabelSpans into, int lineStart, LabelListKind kind)
        where TLexer : struct, ITextLexer
    {
        var token = lexer.Next();
        while (token != Token.BraceClose)
        {
            var quoted = token == Token.QuotedString;
            if (!quoted && token != Token.LabelName)
                Unexpected(lexer, lineStart, "expected label name", token);
            var (start, end) = (lexer.Start, lexer.At);
            token = lexer.Next();
            if (quoted)
            {
                (start, end) = (start + 1, end - 1);
                if (token is Token.Comma or Token.BraceClose)
                {
                    if (kind == LabelListKind.Exemplar)
                        Unexpected(lexer, lineStart, "expected label name", token);
                    if (into.HasName)
                        ParseErrors.WhileParsing("metric name already set", lexer.Source, lineStart, lexer.At);
                    into.SetName(start, end);
                    if (token == Token.Comma)
                        token = lexer.Next();
                    continue;
                }
            }
            if (token != Token.EqualSign)
                Unexpected(lexer, lineStart, "expected equal", token);
            token = lexer.Next();
            if (token != Token.LabelValue)
                Unexpected(lexer, lineStart, "expected label value", token);
            if (!Utf8.IsValid(lexer.TokenBytes))
                ParseErrors.BadLabelValue(lexer.TokenBytes);
            into.Add(start, end, lexer.Start + 1, lexer.At - 1);
            token = lexer.Next();
            if (token == Token.Comma)
                token = lexer.Next();
            else if (token != Token.BraceClose && kind != LabelListKind.Text)
                Unexpected(lexer, lineStart, "expected comma or brace close", token);
        }
    }

    /// <summary>Reads a whole key again, name and labels, with a lexer that stands at its first byte.</summary>
    /// <param name="keyEnd">The byte behind the key.</param>
    public static void ReadKey<TLexer>(TLexer lexer, int keyEnd, LabelSpans into, int lineStart, LabelListKind kind)
        where TLexer : struct, ITextLexer
    {
        into.Reset();
        if (lexer.Next() == Token.MetricName)
        {
            into.SetName(lexer.Start, lexer.At);
            if (lexer.At < keyEnd && lexer.Next() == Token.BraceOpen)
                Read(ref lexer, into, lineStart, kind);
        }
        else
        {
            Read(ref lexer, into, lineStart, kind);
        }
    }

    [DoesNotReturn]
    private static void Unexpected<TLexer>(TLexer lexer, int lineStart, string expected, Token got)
        where TLexer : struct, ITextLexer =>
        ParseErrors.Unexpected(expected, got, lexer.Source, lineStart, lexer.Start, lexer.At, lexer.End);
}
