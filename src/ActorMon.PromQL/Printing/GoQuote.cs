using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorMon.PromQL.Printing;

/// <summary>Text in quotes as Go's %q writes it; the peer's error texts and printed queries use that form.</summary>
public static class GoQuote
{
    /// <summary>Double quotes; control and unprintable characters escaped; bytes that are not UTF-8 (lone surrogates, see ByteText) as \xNN.</summary>
    public static string String(string text)
    {
        var quoted = new StringBuilder(text.Length + 2);
        AppendString(quoted, text);
        return quoted.ToString();
    }

    public static void AppendString(StringBuilder quoted, ReadOnlySpan<char> text)
    {
        quoted.Append('"');
        while (!text.IsEmpty)
        {
            if (System.Text.Rune.DecodeFromUtf16(text, out var rune, out var used) == OperationStatus.Done)
                AppendRune(quoted, rune.Value, '"');
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{text[0] & 0xFF:x2}");
            text = text[used..];
        }
        quoted.Append('"');
    }

    /// <summary>One character in single quotes; anything that is no character (the end of input) shows as U+FFFD.</summary>
    public static string Rune(int value)
    {
        var quoted = new StringBuilder(4);
        quoted.Append('\'');
        AppendRune(quoted, System.Text.Rune.IsValid(value) ? value : System.Text.Rune.ReplacementChar.Value, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary>Letters, marks, numbers, punctuation, symbols and the ASCII space (Go's unicode.IsPrint).</summary>
    public static bool IsPrint(int value)
    {
        if (value is >= 0x20 and < 0x7F)
            return true;
        if (value < 0x7F || !System.Text.Rune.IsValid(value))
            return false;
        return CharUnicodeInfo.GetUnicodeCategory(value) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    private static void AppendRune(StringBuilder quoted, int value, char quote)
    {
        if (value == quote || value == '\\')
        {
            quoted.Append('\\').Append((char)value);
            return;
        }
        if (IsPrint(value))
        {
            quoted.Append(char.ConvertFromUtf32(value));
            return;
        }
        switch (value)
        {
            case '\a':
                quoted.Append("\\a");
                break;
            case '\b':
                quoted.Append("\\b");
                break;
            case '\f':
                quoted.Append("\\f");
                break;
            case '\n':
                quoted.Append("\\n");
                break;
            case '\r':
                quoted.Append("\\r");
                break;
            case '\t':
                quoted.Append("\\t");
                break;
            case '\v':
                quoted.Append("\\v");
                break;
            case < ' ' or 0x7F:
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
                break;
            case < 0x10000:
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}");
                break;
            default:
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}");
                break;
        }
    }
}
