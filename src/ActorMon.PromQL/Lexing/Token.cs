using System.Globalization;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Lexing;

/// <summary>A token with its byte range; <paramref name="Text"/> is the source text, or the message of an <see cref="TokenKind.Error"/>.</summary>
public readonly record struct Token(TokenKind Kind, int Start, int End, string Text)
{
    private const int ShownLength = 10;

    /// <summary>The peer shows tokens of the series notation by their number in its grammar; these two groups begin at these.</summary>
    private const int FirstHistogramKeyNumber = 57370;
    private const int FirstResetHintNumber = 57445;

    public TextRange Position => new(Start, End);

    /// <summary>The token as an error text names it: "identifier "foo"", "&lt;op:*&gt;", "end of input".</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Eof or TokenKind.End => "end of input",
        TokenKind.Identifier => "identifier " + Shown(),
        TokenKind.MetricIdentifier => "metric identifier " + Shown(),
        TokenKind.String => "string " + Shown(),
        TokenKind.Number => "number " + Shown(),
        TokenKind.Duration => "duration " + Shown(),
        >= TokenKind.SumDesc and <= TokenKind.CounterResetHintDesc => Numbered(FirstHistogramKeyNumber + (Kind - TokenKind.SumDesc)),
        >= TokenKind.UnknownCounterReset and <= TokenKind.GaugeType => Numbered(FirstResetHintNumber + (Kind - TokenKind.UnknownCounterReset)),
        _ => Shown(),
    };

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"\"<Item {number}>\" {Shown()}");

    private string Shown()
    {
        if (Kind is TokenKind.Identifier or TokenKind.MetricIdentifier)
            return GoQuote.Quote(Text);
        if (Kind.IsKeyword())
            return $"<{Text}>";
        if (Kind.IsOperator())
            return $"<op:{Text}>";
        if (Kind.IsAggregator())
            return $"<aggr:{Text}>";
        return End - Start > ShownLength ? GoQuote.Quote(FirstRunes(Text, ShownLength)) + "..." : GoQuote.Quote(Text);
    }

    private static string FirstRunes(string text, int count)
    {
        var at = 0;
        while (count-- > 0 && at < text.Length)
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return text[..at];
    }
}
