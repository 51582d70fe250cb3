namespace ActorMon.Exposition.Lexing;

/// <summary>
/// Tokens of OpenMetrics text as Prometheus' scrape lexer cuts them. Blanks are part of the tokens, since exactly one stands between two; a value or timestamp
/// token therefore begins with its blank.
/// </summary>
internal struct OpenMetricsLexer(byte[] bytes, int from, int end) : ITextLexer
{
    public readonly byte[] Source = bytes;
    public readonly int End = end;

    /// <summary>The byte after the last token.</summary>
    public int At = from;

    /// <summary>The first byte of the last token.</summary>
    public int Start = from;
    public LexState State;

    public readonly ReadOnlySpan<byte> TokenBytes => Source.AsSpan(Start, At - Start);

    readonly byte[] ITextLexer.Source => Source;
    readonly int ITextLexer.At => At;
    readonly int ITextLexer.Start => Start;
    readonly int ITextLexer.End => End;

    /// <summary>A value or timestamp without the blank before it.</summary>
    public readonly ReadOnlySpan<byte> Number => Source.AsSpan(Start + 1, At - Start - 1);

    public Token Next()
    {
        if (At >= End)
            return Token.Eof;
        Start = At;
        return State switch
        {
            LexState.Init => LineStart(Source[At]),
            LexState.MetaName => NameTokens.Family(Source, ref At, End, ref State),
            LexState.MetaText => MetaText(),
            LexState.Labels => NameTokens.InBraces(Source, ref At, End, ref State, QuotedContent.Newline, LexState.Value, LexState.LabelValue),
            LexState.Exemplar => NameTokens.InBraces(Source, ref At, End, ref State, QuotedContent.None, LexState.ExemplarValue, LexState.ExemplarValue),
            LexState.LabelValue => LabelValue(Source[At]),
            LexState.Value => Value(Source[At]),
            LexState.ExemplarValue => ExemplarValue(Source[At]),
            LexState.ExemplarTimestamp => Timestamp(Source[At], exemplarMayFollow: false),
            _ => Timestamp(Source[At], exemplarMayFollow: true),
        };
    }

    private Token LineStart(byte c)
    {
        if (Bytes.IsMetricStart(c))
        {
            At += Bytes.MetricNameRun(Source.AsSpan(At, End - At));
            State = LexState.Value;
            return Token.MetricName;
        }
        if (c == '{')
        {
            At++;
            State = LexState.Labels;
            return Token.BraceOpen;
        }
        return c == '#' ? AfterHash() : Token.Invalid;
    }

    private Token AfterHash()
    {
        At++;
        if (At >= End || Source[At] != ' ')
            return Token.Invalid;
        At++;
        State = LexState.Comment;
        var rest = Source.AsSpan(At, End - At);
        if (rest.StartsWith("EOF"u8))
        {
            At += 3;
            if (At < End && Source[At] == '\n')
                At++;
            State = LexState.Init;
            return Token.EofWord;
        }
        var token = rest.StartsWith("HELP "u8) ? Token.Help
            : rest.StartsWith("TYPE "u8) ? Token.Type
            : rest.StartsWith("UNIT "u8) ? Token.Unit
            : Token.Invalid;
        if (token == Token.Invalid)
        {
            At += LongestKeywordPrefix(rest);
            return token;
        }
        At += 5;
        State = LexState.MetaName;
        return token;
    }

    private static int LongestKeywordPrefix(ReadOnlySpan<byte> rest) =>
        Math.Max(
            Math.Max(rest.CommonPrefixLength("HELP "u8), rest.CommonPrefixLength("TYPE "u8)),
            Math.Max(rest.CommonPrefixLength("UNIT "u8), rest.CommonPrefixLength("EOF"u8)));

    private Token MetaText()
    {
        if (Source[At] != ' ')
            return Token.Invalid;
        var linebreak = Source.AsSpan(At, End - At).IndexOf((byte)'\n');
        if (linebreak < 0)
        {
            At = End;
            return Token.Invalid;
        }
        At += linebreak + 1;
        State = LexState.Init;
        return Token.Text;
    }

    private Token LabelValue(byte c)
    {
        if (c != '"' || !QuotedRun.Skip(Source, ref At, End, QuotedContent.Nul))
            return Token.Invalid;
        State = LexState.Labels;
        return Token.LabelValue;
    }

    private Token Value(byte c)
    {
        if (c == '{')
        {
            At++;
            State = LexState.Labels;
            return Token.BraceOpen;
        }
        return BlankAndRun(c, LexState.Timestamp, Token.Value);
    }

    private Token ExemplarValue(byte c)
    {
        if (c != '"')
            return BlankAndRun(c, LexState.ExemplarTimestamp, Token.Value);
        if (!QuotedRun.Skip(Source, ref At, End, QuotedContent.None))
            return Token.Invalid;
        State = LexState.Exemplar;
        return Token.LabelValue;
    }

    private Token Timestamp(byte c, bool exemplarMayFollow)
    {
        if (c == '\n')
        {
            At++;
            State = LexState.Init;
            return Token.Linebreak;
        }
        if (exemplarMayFollow && At + 2 < End && c == ' ' && Source[At + 1] == '#' && Source[At + 2] == ' ')
        {
            At += 3;
            if (At >= End || Source[At] != '{')
                return Token.Invalid;
            At++;
            State = LexState.Exemplar;
            return Token.Comment;
        }
        return BlankAndRun(c, State, Token.Timestamp);
    }

    /// <summary>One blank and at least one byte that is neither blank nor line feed.</summary>
    private Token BlankAndRun(byte c, LexState then, Token token)
    {
        if (c != ' ')
            return Token.Invalid;
        At++;
        var runStart = At;
        while (At < End && Source[At] is not ((byte)' ' or (byte)'\n' or 0))
            At++;
        if (At == runStart)
            return Token.Invalid;
        State = then;
        return token;
    }
}
