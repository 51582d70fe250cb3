using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Units;

/// <summary>Texts the way the peers' messages write them.</summary>
internal static class GoText
{
    /// <summary>Go's %q: a double-quoted string, bytes that are not UTF-8 as \xNN.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var used);
            if (status != System.Buffers.OperationStatus.Done)
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{ByteText.Encode(rest[..1])[0]:x2}");
            else
                Append(quoted, rune);
            rest = rest[Math.Max(used, 1)..];
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Go's %v of a list of strings: [a b c].</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(' ', items)}]";

    private static void Append(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': to.Append("\\\""); break;
            case '\\': to.Append("\\\\"); break;
            case '\n': to.Append("\\n"); break;
            case '\r': to.Append("\\r"); break;
            case '\t': to.Append("\\t"); break;
            case < ' ' or 0x7f: to.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            default:
                if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format)
                    to.Append(rune.IsBmp ? "\\u" : "\\U").Append(rune.Value.ToString(rune.IsBmp ? "x4" : "x8", CultureInfo.InvariantCulture));
                else
                    to.Append(rune.ToString());
                break;
        }
    }
}
