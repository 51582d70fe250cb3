using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Execution;

/// <summary>The escapes of the language's own functions html, js and urlquery.</summary>
internal static class Escaping
{
    public static string Html(string text)
    {
        if (!text.AsSpan().ContainsAny("\0\"'&<>"))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            _ = c switch
            {
                '\0' => escaped.Append('\uFFFD'),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        return escaped.ToString();
    }

    public static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\\': escaped.Append("\\\\"); break;
                case '\'': escaped.Append("\\'"); break;
                case '"': escaped.Append("\\\""); break;
                case '<' or '>' or '&' or '=' or < ' ': escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"); break;
                default:
                    if (rune.IsAscii || GoQuote.Quote(rune.ToString())[1] != '\\')
                        escaped.Append(rune);
                    else
                        escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
                    break;
            }
        }
        return escaped.ToString();
    }

    /// <summary>For a query of a URL: all but letters, digits and -_.~ by percent, a space as plus.</summary>
    public static string Query(string text) => GoUrl.AppendQueryEscaped(new StringBuilder(text.Length + 16), text).ToString();

    /// <summary>The reverse of <see cref="Query"/>; null with Go's error text when a percent starts no byte.</summary>
    public static string? UnescapeQuery(string text, out string error)
    {
        error = "";
        var bytes = ByteText.Encode(text);
        var to = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '%')
            {
                bytes[to++] = bytes[at] == '+' ? (byte)' ' : bytes[at];
                continue;
            }
            if (at + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[at + 1]) || !char.IsAsciiHexDigit((char)bytes[at + 2]))
            {
                error = $"invalid URL escape {GoQuote.Quote(ByteText.Decode(bytes.AsSpan(at, Math.Min(3, bytes.Length - at))))}";
                return null;
            }
            bytes[to++] = byte.Parse(bytes.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += 2;
        }
        return ByteText.Decode(bytes.AsSpan(0, to));
    }
}
