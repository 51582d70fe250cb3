using ActorMon.Model.Text;


namespace ActorMon.PromQL.Lexing;

/// <summary>Numbers and durations. What is scanned here is not yet surely valid: the parser converts and checks it.</summary>
public sealed partial class Lexer
{
    private const string Decimal = "0123456789";
    private const string Hexadecimal = "0123456789abcdefABCDEF";

    private void ScanNumberOrDuration()
    {
        if (TryScanNumber())
            Emit(TokenKind.Number);
        else if (TryScanRestOfDuration())
            Emit(TokenKind.Duration);
        else
            Fail($"bad number or duration syntax: {GoQuote.Quote(Text())}");
    }

    private void ScanNumber()
    {
        if (TryScanNumber())
            Emit(TokenKind.Number);
        else
            Fail($"bad number syntax: {GoQuote.Quote(Text())}");
    }

    private bool TryScanNumber()
    {
        var first = _at;
        var hex = false;
        // In a series description 0x3 is "0, three times more".
        if (!_seriesDescription && Accept("0") && Accept("xX"))
        {
            Accept("_");
            hex = true;
        }
        ReadOnlySpan<char> digits = hex ? Hexadecimal : Decimal;
        Accept(".");
        Accept(digits);
        bool dot = false, exponent = false;
        while (true)
        {
            if (NextIs("."))
            {
                Accept(".");
                if (dot || Accept("_.") || hex)
                    return false;
                dot = true;
            }
            else if (NextIs("eE") && exponent)
            {
                Accept("eE");
                return false;
            }
            else if (NextIs("eE"))
            {
                Accept("eE");
                exponent = true;
                Accept("+-");
                if (Accept("._eE") || Peek() == EndOfInput)
                    return false;
            }
            else if (NextIs("_"))
            {
                Accept("_");
                if (Accept("._eE") || Peek() == EndOfInput)
                    return false;
            }
            else if (NextIs(digits))
            {
                while (Accept(digits))
                {
                }
            }
            else
            {
                break;
            }
        }
        if (_at == first)
            return false;
        var next = Peek();
        return (_seriesDescription && next == 'x') || !IsAlphaNumeric(next);
    }

    /// <summary>After the digits: a unit, then more digits and units. The order of units is checked later, with a better text.</summary>
    private bool TryScanRestOfDuration()
    {
        if (!Accept("smhdwy"))
            return false;
        Accept("s");
        while (Accept(Decimal))
        {
            while (Accept(Decimal))
            {
            }
            if (!Accept("smhdw"))
                return false;
            Accept("s");
        }
        // On failure the offending character belongs to the text that is reported.
        if (IsAlphaNumeric(Read()))
            return false;
        Unread();
        return true;
    }
}
