using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Syntax;

/// <summary>Reads Go's constants: quoted texts, runes, numbers.</summary>
internal static class Constants
{
    /// <summary>The text of a quoted or raw string (strconv.Unquote), or null when it is not valid.</summary>
    public static string? Unquote(string quoted)
    {
        if (quoted[0] == '`')
            return quoted[1..^1].Replace("\r", "", StringComparison.Ordinal);
        var quote = quoted[0];
        var body = quoted.AsSpan(1, quoted.Length - 2);
        if (!body.Contains('\\'))
            return body.Contains('\n') ? null : body.ToString();
        var bytes = new ArrayBufferWriter<byte>(body.Length);
        while (!body.IsEmpty)
        {
            if (body[0] != '\\')
            {
                var end = body.IndexOf('\\');
                var plain = end < 0 ? body : body[..end];
                bytes.Write(ByteText.Encode(plain));
                body = body[plain.Length..];
            }
            else if (!TryUnescape(ref body, quote, bytes))
            {
                return null;
            }
        }
        return ByteText.Decode(bytes.WrittenSpan);
    }

    /// <summary>A number or rune constant; null when the text is neither.</summary>
    public static NumberNode? Number(Source source, Token token)
    {
        var text = token.Text;
        if (token.Kind == TokenKind.CharacterConstant)
        {
            if (Unquote(text) is not { } rune || ByteText.Encode(rune) is not { Length: > 0 } bytes)
                return null;
            var whole = Rune.DecodeFromUtf8(bytes, out var value, out var used) == OperationStatus.Done && used == bytes.Length;
            var code = whole ? value.Value : bytes[0];
            return whole || bytes.Length == 1 ? new NumberNode(source, token.Position, text) { Int = code, Uint = (uint)code, Float = code } : null;
        }
        if (token.Kind == TokenKind.Complex)
            return ComplexOf(text) is { } complex ? new NumberNode(source, token.Position, text) { Complex = complex } : null;
        if (text.EndsWith('i') && ParseFloat(text[..^1]) is { } imaginary)
            return new NumberNode(source, token.Position, text) { Complex = new Complex(0, imaginary) };
        var integer = ParseInteger(text, out var outOfRange);
        var floating = ParseFloat(text);
        if (integer is { } exact)
        {
            return new NumberNode(source, token.Position, text)
            {
                Int = exact >= long.MinValue && exact <= long.MaxValue ? (long)exact : null,
                Uint = exact >= 0 && exact <= ulong.MaxValue ? (ulong)exact : null,
                Float = (double)exact,
            };
        }
        if (outOfRange || floating is not { } number)
            return null;
        // A whole float may serve where an integer is asked for: 1e3.
        var fitsInt = number == Math.Floor(number) && number is >= -9.2e18 and <= 9.2e18;
        return new NumberNode(source, token.Position, text)
        {
            Float = number,
            Int = fitsInt ? (long)number : null,
            Uint = fitsInt && number >= 0 ? (ulong)number : null,
        };
    }

    private static Complex? ComplexOf(string text)
    {
        var split = text.LastIndexOfAny(['+', '-'], text.Length - 2);
        return split > 0 && ParseFloat(text[..split]) is { } real && ParseFloat(text[split..^1]) is { } imaginary ? new Complex(real, imaginary) : null;
    }

    private static double? ParseFloat(string text) => GoFloatParser.TryParse(text.Replace("_", "", StringComparison.Ordinal), out var value) ? value : null;

    private static BigInteger? ParseInteger(string text, out bool outOfRange)
    {
        outOfRange = false;
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        var radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            radix = char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => -8 };
            digits = radix < 0 ? digits[1..] : digits[2..];
            radix = Math.Abs(radix);
        }
        if (digits.Length == 0)
            return null;
        BigInteger value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
                return null;
            value = (value * radix) + digit;
            if (value > ulong.MaxValue)
            {
                outOfRange = true;
                return null;
            }
        }
        return negative ? -value : value;
    }

    private static bool TryUnescape(ref ReadOnlySpan<char> body, char quote, ArrayBufferWriter<byte> to)
    {
        if (body.Length < 2)
            return false;
        var c = body[1];
        var simple = c switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' => '\\',
            '\'' or '"' when c == quote => c,
            _ => '\0',
        };
        if (simple != '\0')
        {
            to.Write([(byte)simple]);
            body = body[2..];
            return true;
        }
        var (start, count, radix) = c switch { 'x' => (2, 2, 16), 'u' => (2, 4, 16), 'U' => (2, 8, 16), >= '0' and <= '7' => (1, 3, 8), _ => (0, 0, 0) };
        if (count == 0 || body.Length < start + count)
            return false;
        var value = 0L;
        foreach (var digit in body.Slice(start, count))
        {
            if (!char.IsAsciiHexDigit(digit) || (radix == 8 && digit > '7'))
                return false;
            value = (value * radix) + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        body = body[(start + count)..];
        if (c is 'u' or 'U')
        {
            if (!Rune.IsValid((uint)Math.Min(value, uint.MaxValue)))
                return false;
            Span<byte> utf8 = stackalloc byte[4];
            to.Write(utf8[..new Rune((uint)value).EncodeToUtf8(utf8)]);
            return true;
        }
        to.Write([(byte)value]);
        return value <= byte.MaxValue;
    }
}
