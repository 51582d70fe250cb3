using System.Diagnostics.CodeAnalysis;
using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>The peer's error texts of the text parsers (Prometheus' model/textparse), so that lastError reads the same.</summary>
internal static class ParseErrors
{
    /// <summary>How much of the document an error text may quote at most.</summary>
    private const int MaxQuoted = 4096;

    [DoesNotReturn]
    public static void Unexpected(string expected, Token got, byte[] source, int lineStart, int tokenStart, int at, int end)
    {
        var stop = Math.Min(end, at + 1);
        throw new ExpositionException(
            $"{expected}, got {Quote(source, tokenStart, stop)} (\"{Tokens.Name(got)}\") while parsing: {Quote(source, lineStart, stop)}");
    }

    [DoesNotReturn]
    public static void WhileParsing(string problem, byte[] source, int lineStart, int at) =>
        throw new ExpositionException($"{problem} while parsing: {Quote(source, lineStart, at)}");

    [DoesNotReturn]
    public static void BadFloat(FloatFault fault, ReadOnlySpan<byte> number, byte[] source, int lineStart, int at)
    {
        var problem = fault switch
        {
            FloatFault.UnsupportedCharacter => "unsupported character in float",
            FloatFault.Range => $"strconv.ParseFloat: parsing {Quote(number)}: value out of range",
            _ => $"strconv.ParseFloat: parsing {Quote(number)}: invalid syntax",
        };
        WhileParsing(problem, source, lineStart, at);
    }

    [DoesNotReturn]
    public static void BadType(ReadOnlySpan<byte> type) => throw new ExpositionException($"invalid metric type {Quote(type)}");

    [DoesNotReturn]
    public static void BadHelp(ReadOnlySpan<byte> help) => throw new ExpositionException($"help text {Quote(help)} is not a valid utf8 string");

    [DoesNotReturn]
    public static void BadLabelValue(ReadOnlySpan<byte> value) => throw new ExpositionException($"invalid UTF-8 label value: {Quote(value)}");

    [DoesNotReturn]
    public static void Plain(string text) => throw new ExpositionException(text);

    public static string Quote(ReadOnlySpan<byte> bytes) => GoQuote.Quote(ByteText.Decode(bytes.Length > MaxQuoted ? bytes[..MaxQuoted] : bytes));

    private static string Quote(byte[] source, int from, int to) => Quote(source.AsSpan(from, Math.Max(0, to - from)));
}
