using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorMon.Exposition.Lexing;

/// <summary>Bytes as a Go string literal (%q), which is how the peer's error texts show what was found.</summary>
internal static class GoQuote
{
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 2).Append('"');
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) != OperationStatus.Done)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{bytes[0]:x2}");
                bytes = bytes[1..];
                continue;
            }
            Append(text, rune);
            bytes = bytes[used..];
        }
        return text.Append('"').ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        var escape = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\a' => "\\a",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\v' => "\\v",
            _ => null,
        };
        if (escape is not null)
            text.Append(escape);
        else if (rune.Value < 0x20 || rune.Value == 0x7f)
            text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (IsPrintable(rune))
            text.Append(rune.ToString());
        else if (rune.Value <= 0xffff)
            text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };
}
