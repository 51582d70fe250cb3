using ActorMon.Model.Text;


namespace ActorMon.PromQL.Lexing;

/// <summary>The values of a series description ("1+2x3 _ stale {{sum:1}}"), the notation of tests.</summary>
public sealed partial class Lexer
{
    private enum HistogramPart : byte
    {
        None,
        Open,
        Times,
        Add,
        Sub,
    }

    private HistogramPart _histogram;

    private void ScanValues()
    {
        if (_histogram != HistogramPart.None)
        {
            ScanHistogram();
            return;
        }
        var c = Read();
        switch (c)
        {
            case EndOfInput:
                _mode = Mode.Statements;
                break;
            case '{' when Peek() == '{':
                _histogram = HistogramPart.Open;
                EmitTwo(TokenKind.OpenHist);
                break;
            case ' ' or '\t' or '\n' or '\r':
                Emit(TokenKind.Space);
                SkipSpaces();
                break;
            case '+' or '-':
                Emit(SingleCharOperator(c));
                break;
            case 'x':
                Emit(TokenKind.Times);
                break;
            case '_':
                Emit(TokenKind.Blank);
                break;
            default:
                if (IsDigit(c) || (c == '.' && IsDigit(Peek())))
                {
                    Unread();
                    ScanNumber();
                }
                else if (IsAlpha(c))
                {
                    Unread();
                    ScanKeywordOrIdentifier();
                }
                else
                {
                    Fail($"unexpected character in series sequence: {CharText.Quote(c)}");
                }
                break;
        }
    }

    private void ScanHistogram()
    {
        if (_histogram != HistogramPart.Open)
        {
            var kind = _histogram switch
            {
                HistogramPart.Times => TokenKind.Times,
                HistogramPart.Add => TokenKind.Add,
                _ => TokenKind.Sub,
            };
            _histogram = HistogramPart.None;
            _mode = Mode.Values;
            EmitTwo(kind);
            return;
        }
        if (_bracketOpen)
        {
            ScanBuckets();
            return;
        }
        var c = Read();
        switch (c)
        {
            case ' ' or '\t' or '\n' or '\r':
                Emit(TokenKind.Space);
                SkipSpaces();
                break;
            case ':':
                Emit(TokenKind.Colon);
                break;
            case '-':
                Emit(TokenKind.Sub);
                break;
            case '[':
                _bracketOpen = true;
                Emit(TokenKind.LeftBracket);
                break;
            case '}' when Peek() == '}':
                CloseHistogram();
                break;
            default:
                if (IsAlpha(c))
                {
                    ScanHistogramWord();
                }
                else if (IsDigit(c))
                {
                    Unread();
                    ScanNumber();
                }
                else
                {
                    Fail($"histogram description incomplete unexpected: {CharText.Quote(c)}");
                }
                break;
        }
    }

    private void CloseHistogram()
    {
        EmitTwo(TokenKind.CloseHist);
        _mode = Mode.Values;
        _histogram = Peek() switch
        {
            'x' => HistogramPart.Times,
            '+' => HistogramPart.Add,
            '-' => HistogramPart.Sub,
            _ => HistogramPart.None,
        };
    }

    private void ScanHistogramWord()
    {
        while (IsAlpha(Peek()))
            Read();
        var word = Text();
        if (Keywords.TryFindHistogramKey(word, out var key))
        {
            if (Peek() == ':')
                Emit(key);
            else
                Fail("missing `:` for histogram descriptor");
        }
        else if (Keywords.TryFind(word, out var number) && number == TokenKind.Number)
        {
            Emit(TokenKind.Number);
        }
        else if (Keywords.TryFindResetHint(word, out var hint))
        {
            Emit(hint);
        }
        else
        {
            Fail($"bad histogram descriptor found: {GoQuote.Quote(word)}");
        }
    }

    private void ScanBuckets()
    {
        var c = Read();
        switch (c)
        {
            case ' ' or '\t' or '\n' or '\r':
                Emit(TokenKind.Space);
                SkipSpaces();
                break;
            case '-':
                Emit(TokenKind.Sub);
                break;
            case ']':
                _bracketOpen = false;
                Emit(TokenKind.RightBracket);
                break;
            default:
                if (IsDigit(c))
                {
                    Unread();
                    ScanNumber();
                }
                else if (IsAlpha(c))
                {
                    // Inf and NaN are all that is legal here, so other lengths need no look.
                    if (_at - _start == 3 && Keywords.TryFind(Text(), out var kind) && kind == TokenKind.Number)
                        Emit(TokenKind.Number);
                }
                else
                {
                    Fail($"invalid character in buckets description: {CharText.Quote(c)}");
                }
                break;
        }
    }
}
