namespace ActorMon.Exposition.Lexing;

/// <summary>
/// Tokens of the Prometheus text format, blanks skipped. Which bytes it takes for which token, and where it stops at an invalid one, follows Prometheus'
/// scrape lexer, because both decide what a scrape accepts and how its error reads. The document must end with a line feed.
/// </summary>
internal struct TextLexer(byte[] bytes, int from, int end) : ITextLexer
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

    public Token Next()
    {
        if (State != LexState.MetaText)
            while (At < End && Bytes.IsBlank(Source[At]))
                At++;
        if (At >= End)
            return Token.Eof;
        Start = At;
        return State switch
        {
            LexState.Init => LineStart(Source[At]),
            LexState.MetaName => NameTokens.Family(Source, ref At, End, ref State),
            LexState.MetaText => MetaText(),
            LexState.Labels => NameTokens.InBraces(Source, ref At, End, ref State, QuotedContent.Newline, LexState.Value, LexState.LabelValue),
            LexState.LabelValue => LabelValue(Source[At]),
            LexState.Value => Value(Source[At]),
            _ => Timestamp(Source[At]),
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
        switch (c)
        {
            case (byte)'\n':
                At++;
                return Token.Linebreak;
            case (byte)'#':
                return AfterHash();
            case (byte)'{':
                At++;
                State = LexState.Labels;
                return Token.BraceOpen;
            case 0:
                // A line that starts with NUL ends the document.
                At++;
                return Token.Eof;
            default:
                return Token.Invalid;
        }
    }

    private Token AfterHash()
    {
        At++;
        var blanks = At;
        while (At < End && Bytes.IsBlank(Source[At]))
            At++;
        if (At > blanks && At + 5 <= End && Bytes.IsBlank(Source[At + 4]))
        {
            var word = Source.AsSpan(At, 4);
            var token = word.SequenceEqual("HELP"u8) ? Token.Help : word.SequenceEqual("TYPE"u8) ? Token.Type : Token.Comment;
            if (token != Token.Comment)
            {
                At += 5;
                State = LexState.MetaName;
                return token;
            }
        }
        // Directly behind "#" the peer's lexer is not in a comment yet, and takes a NUL for the end of the input.
        if (At > blanks)
            return At < End && Source[At] == 0 ? Token.Eof : CommentTo((byte)'\n');
        return CommentTo(0);
    }

    private Token CommentTo(byte alsoStopsAt)
    {
        var stop = Source.AsSpan(At, End - At).IndexOfAny((byte)'\n', alsoStopsAt);
        if (stop < 0 || Source[At + stop] == 0)
            return Token.Eof;
        At += stop;
        return Token.Comment;
    }

    private Token MetaText()
    {
        State = LexState.Init;
        if (Source[At] == 0)
            return Token.Text;
        var rest = Source.AsSpan(At, End - At);
        var length = rest.IndexOf((byte)'\n');
        if (length < 0)
            length = rest.Length;
        At += length;
        // Nothing but blanks: they are white space, and the text behind them is empty.
        if (rest[..length].IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0) < 0)
            Start = At;
        return Token.Text;
    }

    private Token LabelValue(byte c)
    {
        if (c != '"' || !QuotedRun.Skip(Source, ref At, End, QuotedContent.Newline | QuotedContent.Nul))
            return Token.Invalid;
        State = LexState.Labels;
        return Token.LabelValue;
    }

    private Token Value(byte c)
    {
        switch (c)
        {
            case (byte)'{':
                At++;
                State = LexState.Labels;
                return Token.BraceOpen;
            case (byte)'\n' or 0:
                return Token.Invalid;
        }
        // Values are short: a plain loop beats setting up a vector search.
        do
            At++;
        while (At < End && Source[At] is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'{' or 0));
        State = LexState.Timestamp;
        return Token.Value;
    }

    private Token Timestamp(byte c)
    {
        if (c == '\n')
        {
            At++;
            State = LexState.Init;
            return Token.Linebreak;
        }
        if (!char.IsAsciiDigit((char)c))
            return Token.Invalid;
        do
            At++;
        while (At < End && char.IsAsciiDigit((char)Source[At]));
        return Token.Timestamp;
    }
}
