namespace ActorMon.Exposition.Lexing;

/// <summary>The tokens both text formats cut the same way: names of families behind a keyword, and what stands between braces.</summary>
internal static class NameTokens
{
    /// <summary>The family name behind HELP, TYPE or UNIT, quoted or plain.</summary>
    public static Token Family(byte[] source, ref int at, int end, ref LexState state)
    {
        if (source[at] == '"')
        {
            if (!QuotedRun.Skip(source, ref at, end, QuotedContent.Newline))
                return Token.Invalid;
        }
        else if (Bytes.IsMetricStart(source[at]))
        {
            at += Bytes.MetricNameRun(source.AsSpan(at, end - at));
        }
        else
        {
            return Token.Invalid;
        }
        state = LexState.MetaText;
        return Token.MetricName;
    }

    /// <summary>The next token of a label list but a label's value.</summary>
    /// <param name="quoted">What a quoted name may hold.</param>
    public static Token InBraces(byte[] source, ref int at, int end, ref LexState state, QuotedContent quoted, LexState afterBrace, LexState afterEqual)
    {
        if (Bytes.IsLabelStart(source[at]))
        {
            at += Bytes.LabelNameRun(source.AsSpan(at, end - at));
            return Token.LabelName;
        }
        switch (source[at])
        {
            case (byte)'"':
                return QuotedRun.Skip(source, ref at, end, quoted) ? Token.QuotedString : Token.Invalid;
            case (byte)'}':
                at++;
                state = afterBrace;
                return Token.BraceClose;
            case (byte)'=':
                at++;
                state = afterEqual;
                return Token.EqualSign;
            case (byte)',':
                at++;
                return Token.Comma;
            default:
                return Token.Invalid;
        }
    }
}
