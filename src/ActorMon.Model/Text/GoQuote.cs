using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>A string in Go's double quotes (%q, strconv.Quote): what is not printable becomes an escape, an invalid byte \xNN.</summary>
public static class GoQuote
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        AppendQuoted(quoted, text);
        return quoted.Append('"').ToString();
    }

    /// <summary>Appends the escaped text without the quotes around it.</summary>
    public static void AppendQuoted(StringBuilder to, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) != OperationStatus.Done)
                to.Append("\\x").Append((text[0] & 0xFF).ToString("x2", CultureInfo.InvariantCulture));
            else
                AppendRune(to, rune);
            text = text[used..];
        }
    }

    private static void AppendRune(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': to.Append("\\\""); return;
            case '\\': to.Append("\\\\"); return;
            case '\a': to.Append("\\a"); return;
            case '\b': to.Append("\\b"); return;
            case '\f': to.Append("\\f"); return;
            case '\n': to.Append("\\n"); return;
            case '\r': to.Append("\\r"); return;
            case '\t': to.Append("\\t"); return;
            case '\v': to.Append("\\v"); return;
        }
        if (IsPrintable(rune))
            to.Append(rune);
        else if (rune.Value < 0x80)
            to.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture));
        else if (rune.IsBmp)
            to.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
        else
            to.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
    }

    /// <summary>Letters, marks, numbers, punctuation, symbols and the ASCII space (Go's unicode.IsPrint).</summary>
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
