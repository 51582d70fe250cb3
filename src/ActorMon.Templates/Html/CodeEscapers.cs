using System.Globalization;
using System.Text;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Html;

/// <summary>Escapes for URLs, JavaScript and CSS.</summary>
internal static class CodeEscapers
{
    /// <summary>A URL whose scheme could run code becomes harmless.</summary>
    public static string FilterUrl(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url.AsSpan(0, colon).Contains('/'))
            return url;
        return url[..colon].ToLowerInvariant() is "http" or "https" or "mailto" ? url : "#" + HtmlEscapers.Failsafe;
    }

    /// <param name="text">A URL, or a part of one.</param>
    /// <param name="keepsStructure">Reserved characters and escapes stay (a whole URL); otherwise all is escaped (a value in a query).</param>
    public static string Url(string text, bool keepsStructure)
    {
        var bytes = ByteText.Encode(text);
        var escaped = new StringBuilder(bytes.Length + 16);
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = (char)bytes[i];
            var keeps = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' || (keepsStructure && ("!#$&*+,/:;=?@[]".Contains(c, StringComparison.Ordinal)
                || (c == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))));
            if (keeps)
                escaped.Append(c);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:x2}");
        }
        return escaped.ToString();
    }

    /// <summary>The candidates of a srcset, each URL filtered.</summary>
    public static string Srcset(string text) => string.Join(',', text.Split(',').Select(static candidate =>
    {
        var trimmed = candidate.Trim();
        var space = trimmed.IndexOfAny([' ', '\t', '\n', '\f', '\r']);
        var (url, size) = space < 0 ? (trimmed, "") : (trimmed[..space], trimmed[space..]);
        var safe = FilterUrl(url) == url && size.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ' ' or '\t' or '\n' or '\f' or '\r');
        return safe ? candidate.Replace(url, Url(url, keepsStructure: true), StringComparison.Ordinal) : "#" + HtmlEscapers.Failsafe;
    }));

    /// <summary>A value as a JavaScript expression; a space at each side where it could join a word.</summary>
    public static string JsValue(TemplateValue value, LimitedText scratch)
    {
        if (value.OwnText is { } own && value is not OpaqueValue<Time.GoTime>)
            value = own;
        var result = GoJson.Marshal(value, scratch);
        if (result.Error is { } error)
            return $" /* {error.Replace("*/", "* /", StringComparison.Ordinal)} */null ";
        var json = ((StringValue)result.Value).Value;
        var joins = json.Length > 0 && (char.IsAsciiLetterOrDigit(json[0]) || char.IsAsciiLetterOrDigit(json[^1]) || json[0] is '$' or '_');
        return joins ? $" {json} " : json;
    }

    /// <summary>Text inside a JavaScript string.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="alsoEscaped">Characters escaped besides.</param>
    public static string JsString(string text, string alsoEscaped = "")
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\f' => escaped.Append("\\f"),
                '\r' => escaped.Append("\\r"),
                '/' => escaped.Append("\\/"),
                '\\' => escaped.Append("\\\\"),
                '\0' or '\v' or '"' or '`' or '&' or '\'' or '+' or '<' or '>' or '\u2028' or '\u2029' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ when alsoEscaped.Contains(c, StringComparison.Ordinal) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    /// <summary>Text inside a regular expression: it matches itself.</summary>
    public static string JsRegexp(string text)
    {
        if (text.Length == 0)
            return "(?:)";
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if ("$()*-.?[]^{|}".Contains(c, StringComparison.Ordinal))
                escaped.Append('\\').Append(c);
            else
                escaped.Append(JsString(c.ToString()));
        }
        return escaped.ToString();
    }

    /// <summary>Text inside a CSS string.</summary>
    public static string CssString(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                escaped.Append("\\\\");
            }
            else if (c is '\0' or '\t' or '\n' or '\f' or '\r' or '"' or '&' or '\'' or '(' or ')' or '+' or '/' or ':' or ';' or '<' or '>' or '{' or '}')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\{(int)c:x}");
                // A digit or space behind would belong to the escape.
                if (i + 1 >= text.Length || char.IsAsciiHexDigit(text[i + 1]) || text[i + 1] is ' ' or '\t' or '\n' or '\f' or '\r')
                    escaped.Append(' ');
            }
            else
            {
                escaped.Append(c);
            }
        }
        return escaped.ToString();
    }

    /// <summary>A value in CSS: words, numbers, colours and quantities only.</summary>
    public static string CssValue(string text)
    {
        var letters = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\0' or '"' or '\'' or '(' or ')' or '/' or ';' or '@' or '[' or '\\' or ']' or '`' or '{' or '}' or '<' or '>' || (c == '-' && i > 0 && text[i - 1] == '-'))
                return HtmlEscapers.Failsafe;
            if (char.IsAsciiLetter(c))
                letters.Append(char.ToLowerInvariant(c));
        }
        var word = letters.ToString();
        return word.Contains("expression", StringComparison.Ordinal) || word.Contains("mozbinding", StringComparison.Ordinal) ? HtmlEscapers.Failsafe : text;
    }
}
