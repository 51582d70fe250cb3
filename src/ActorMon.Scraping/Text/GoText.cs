using System.Globalization;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Text;

/// <summary>Texts as the peer's standard library writes them, for errors and URLs that must read the same.</summary>
internal static class GoText
{
    /// <summary>A quoted string: printable text as it is, other characters escaped, bytes that are not UTF-8 as \xNN.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogatePair(text, i < text.Length - 1 ? i : Math.Max(0, text.Length - 2)) && i < text.Length - 1)
                quoted.Append(c).Append(text[++i]);
            else
                AppendQuoted(quoted, c);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>The first <paramref name="count"/> characters, as %.50s cuts.</summary>
    public static string Cut(string text, int count) => text.Length <= count ? text : text[..count];

    /// <summary>Labels as the peer prints them: <c>{a="b", "c.d"="e"}</c>.</summary>
    public static string Print(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (text.Length > 1)
                text.Append(", ");
            text.Append(LegacyNames.IsLabelName(label.Name) ? label.Name : Quote(label.Name)).Append('=').Append(Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    /// <summary>True, false or null when the text is none of the spellings of a boolean.</summary>
    public static bool? ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    /// <summary>One key or value of a query string: blanks become +.</summary>
    public static void AppendQueryEscaped(StringBuilder into, string text)
    {
        foreach (var b in ByteText.Encode(text))
            if (b == ' ')
                into.Append('+');
            else
                AppendEscaped(into, b, "-_.~");
    }

    /// <summary>A path of a URL.</summary>
    public static void AppendPathEscaped(StringBuilder into, string path)
    {
        foreach (var b in ByteText.Encode(path))
            AppendEscaped(into, b, "-_.~$&+,/:;=@");
    }

    private static void AppendEscaped(StringBuilder into, byte b, string unreserved)
    {
        if (char.IsAsciiLetterOrDigit((char)b) || unreserved.Contains((char)b, StringComparison.Ordinal))
            into.Append((char)b);
        else
            into.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
    }

    private static void AppendQuoted(StringBuilder into, char c)
    {
        switch (c)
        {
            case '"': into.Append("\\\""); break;
            case '\\': into.Append("\\\\"); break;
            case '\a': into.Append("\\a"); break;
            case '\b': into.Append("\\b"); break;
            case '\f': into.Append("\\f"); break;
            case '\n': into.Append("\\n"); break;
            case '\r': into.Append("\\r"); break;
            case '\t': into.Append("\\t"); break;
            case '\v': into.Append("\\v"); break;
            case >= '\uDC80' and <= '\uDCFF': into.Append("\\x").Append((c - 0xDC00).ToString("x2", CultureInfo.InvariantCulture)); break;
            case < ' ' or '\x7f': into.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)); break;
            default:
                if (char.IsControl(c) || char.IsSurrogate(c) || (char.IsWhiteSpace(c) && c != ' '))
                    into.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                else
                    into.Append(c);
                break;
        }
    }
}
