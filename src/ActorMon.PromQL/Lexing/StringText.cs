using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Lexing;

/// <summary>The values of string tokens.</summary>
public static class StringText
{
    /// <summary>
    /// The value of a string token with its quotes, whose escapes the lexer has checked. \x and octal escapes stand for bytes, so the value may be
    /// invalid UTF-8 (then as <see cref="ByteText"/> has it).
    /// </summary>
    public static string Unquote(string token)
    {
        var body = token.AsSpan(1, token.Length - 2);
        if (token[0] == '`' || !body.Contains('\\'))
            return body.ToString();
        var source = ByteText.Encode(body);
        var value = new byte[source.Length];
        var length = 0;
        for (var at = 0; at < source.Length;)
        {
            var c = source[at++];
            if (c != '\\')
            {
                value[length++] = c;
                continue;
            }
            c = source[at++];
            switch (c)
            {
                case (byte)'x':
                    value[length++] = (byte)Digits(source.AsSpan(at, 2), 16);
                    at += 2;
                    break;
                case >= (byte)'0' and <= (byte)'7':
                    value[length++] = (byte)Digits(source.AsSpan(at - 1, 3), 8);
                    at += 2;
                    break;
                case (byte)'u' or (byte)'U':
                    var digits = c == 'u' ? 4 : 8;
                    length += new Rune(Digits(source.AsSpan(at, digits), 16)).EncodeToUtf8(value.AsSpan(length));
                    at += digits;
                    break;
                default:
                    value[length++] = Simple(c);
                    break;
            }
        }
        return ByteText.Decode(value.AsSpan(0, length));
    }

    private static int Digits(ReadOnlySpan<byte> text, int numberBase)
    {
        var value = 0;
        foreach (var c in text)
            value = (value * numberBase) + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        return value;
    }

    private static byte Simple(byte c) => c switch
    {
        (byte)'a' => (byte)'\a',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'v' => (byte)'\v',
        _ => c,
    };
}
