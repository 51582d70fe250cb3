using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>Texts and numbers in JSON as Go's encoding/json writes them by default: what could end a script in a page is escaped, bytes that are no UTF-8 become a replacement.</summary>
public static class GoJsonText
{
    private const char LineSeparator = '\u2028';
    private const char ParagraphSeparator = '\u2029';

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\', '<', '>', '&', LineSeparator, ParagraphSeparator, .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>Appends the text with its quotes.</summary>
    public static StringBuilder AppendQuoted(StringBuilder to, ReadOnlySpan<char> text)
    {
        to.Append('"');
        while (true)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
                return to.Append(text).Append('"');
            to.Append(text[..plain]);
            text = text[plain..];
            text = text[AppendSpecial(to, text)..];
        }
    }

    /// <summary>A finite number.</summary>
    public static string OfNumber(double value)
    {
        var text = GoFloat.FormatApi(value);
        // One digit is enough in a small exponent: e-09 is e-9.
        return text.Length > 3 && text[^4] == 'e' && text[^3] == '-' && text[^2] == '0' ? text[..^2] + text[^1] : text;
    }

    /// <summary>How many characters of the text that was.</summary>
    private static int AppendSpecial(StringBuilder to, ReadOnlySpan<char> text)
    {
        var valid = Rune.DecodeFromUtf16(text, out var rune, out var used) == OperationStatus.Done;
        _ = (valid ? rune.Value : -1) switch
        {
            '"' => to.Append("\\\""),
            '\\' => to.Append("\\\\"),
            '\b' => to.Append("\\b"),
            '\f' => to.Append("\\f"),
            '\n' => to.Append("\\n"),
            '\r' => to.Append("\\r"),
            '\t' => to.Append("\\t"),
            -1 => to.Append("\\ufffd"),
            < 0x10000 => to.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
            _ => to.Append(text[..used]),
        };
        return used;
    }
}
