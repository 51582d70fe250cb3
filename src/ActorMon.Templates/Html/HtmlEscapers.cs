using System.Globalization;
using System.Text;

namespace ActorMon.Templates.Html;

/// <summary>Escapes for HTML's text and attributes (html/template's tables: a plus sign is escaped too).</summary>
internal static class HtmlEscapers
{
    /// <summary>Stands for what may not be shown at all.</summary>
    public const string Failsafe = "ZgotmplZ";

    /// <param name="text">Any text.</param>
    /// <param name="keepsEntities">The text is HTML already: an ampersand stays.</param>
    public static string Escape(string text, bool keepsEntities = false)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append('\uFFFD'),
                '"' => escaped.Append("&#34;"),
                '&' when !keepsEntities => escaped.Append("&amp;"),
                '\'' => escaped.Append("&#39;"),
                '+' => escaped.Append("&#43;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    /// <summary>For a value without quotes: nothing in it may end it.</summary>
    public static string Unquoted(string text, bool keepsEntities)
    {
        if (text.Length == 0)
            return Failsafe;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == '\0')
                escaped.Append("&#xfffd;");
            else if (c is '\t' or '\n' or '\v' or '\f' or '\r' or ' ' or '=' or '`')
                escaped.Append(CultureInfo.InvariantCulture, $"&#{(int)c};");
            else
                escaped.Append(Escape(c.ToString(), keepsEntities));
        }
        return escaped.ToString();
    }

    /// <summary>An attribute's name: letters and digits, of a kind that holds no code and no address.</summary>
    public static string Name(string text)
    {
        var lower = text.ToLowerInvariant();
        return lower.Length > 0 && lower.All(char.IsAsciiLetterOrDigit) && AttributeNames.KindOf(lower, HtmlElement.None) == AttributeKind.Plain ? lower : Failsafe;
    }

    /// <summary>HTML as the value of an attribute: its text without tags and comments.</summary>
    public static string StripTags(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
                open = html.Length;
            text.Append(html, at, open - at);
            if (open == html.Length)
                break;
            var isTag = open + 1 < html.Length && (char.IsAsciiLetter(html[open + 1]) || html[open + 1] is '/' or '!');
            var close = isTag ? html.IndexOf('>', open) : -1;
            if (!isTag)
                text.Append('<');
            at = isTag ? close < 0 ? html.Length : close + 1 : open + 1;
        }
        return text.ToString();
    }
}
