using System.Net;
using ActorMon.Templates.Execution;

namespace ActorMon.Templates.Html;

/// <summary>
/// Follows a document as it is written and knows the context of the next character. The template's own text passes through it: comments are dropped, a
/// less-than sign that starts no tag is escaped (html/template's rules). Tags and attributes are here, scripts and styles in the other part.
/// </summary>
internal sealed partial class HtmlScanner(LimitedText output)
{
    private const string Blank = " \t\n\f\r";

    private readonly Stack<int> _templateBraces = new();
    private HtmlContext _context;
    private string _scriptType = "";

    public ref HtmlContext Context => ref _context;

    /// <summary>Takes text of the template itself.</summary>
    public void Write(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var before = _context;
            var next = _context.Delimiter == HtmlDelimiter.None ? Outside(text, at) : InValue(text, at);
            Copy(text.AsSpan(at, next - at), before);
            at = next;
        }
    }

    /// <summary>Moves on as an empty text would: into a value that has not begun, or to an attribute's name.</summary>
    public void Nudge()
    {
        switch (_context.State)
        {
            case HtmlState.Tag:
                _context.State = HtmlState.AttrName;
                break;
            case HtmlState.BeforeValue:
                _context.State = _context.ValueState;
                _context.Delimiter = HtmlDelimiter.SpaceOrTagEnd;
                break;
            case HtmlState.AfterName:
                _context.State = HtmlState.AttrName;
                _context.Attribute = AttributeKind.Plain;
                break;
        }
    }

    private void Copy(ReadOnlySpan<char> text, HtmlContext before)
    {
        if (before.IsComment && before.Delimiter == HtmlDelimiter.None)
        {
            // A comment parts tokens: something stays in its place.
            if (before.State == HtmlState.JsBlockComment && _context.State != before.State)
                output.Append(text.IndexOfAny("\n\r\u2028\u2029") >= 0 ? '\n' : ' ');
            else if (before.State == HtmlState.CssBlockComment && _context.State != before.State)
                output.Append(' ');
            else if (before.State is HtmlState.JsLineComment or HtmlState.CssLineComment && _context.State != before.State)
                output.Append('\n');
            return;
        }
        if (_context.IsComment && _context.State != before.State && _context.Delimiter == HtmlDelimiter.None)
            text = text[..^(_context.State == HtmlState.HtmlComment ? 4 : 2)];
        if (before.State is not (HtmlState.Text or HtmlState.Rcdata))
        {
            output.Append(text);
            return;
        }
        // The sign that opened a tag is the last one.
        var opened = _context.State != before.State && !_context.IsComment ? text.LastIndexOf('<') : -1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '<' && i != opened && !text[i..].StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
                output.Append("&lt;");
            else
                output.Append(text[i]);
        }
    }

    /// <summary>One step outside attribute values; the end of what was taken.</summary>
    private int Outside(string text, int at)
    {
        var end = SpecialEnd(text, at);
        if (end == at)
        {
            // The end tag of a script, style, title or text area.
            _context = default;
            _templateBraces.Clear();
            return InText(text, at);
        }
        return _context.State switch
        {
            HtmlState.Text => InText(text, at),
            HtmlState.Tag => InTag(text, at),
            HtmlState.AttrName => InName(text, at),
            HtmlState.AfterName => AfterName(text, at),
            HtmlState.BeforeValue => BeforeValue(text, at),
            HtmlState.HtmlComment => InComment(text, at),
            HtmlState.Rcdata => end,
            _ => Code(text, at, end),
        };
    }

    /// <summary>Where the end tag of the open special element is, or the text's end.</summary>
    private int SpecialEnd(string text, int at)
    {
        if (_context.Element == HtmlElement.None || _context.State is HtmlState.Tag or HtmlState.AttrName or HtmlState.AfterName or HtmlState.BeforeValue)
            return text.Length;
        var tag = "</" + _context.Element;
        for (var i = at; (i = text.IndexOf(tag, i, StringComparison.OrdinalIgnoreCase)) >= 0; i++)
            if (i + tag.Length >= text.Length || "> \t\n\f\r/".Contains(text[i + tag.Length], StringComparison.Ordinal))
                return i;
        return text.Length;
    }

    private int InText(string text, int at)
    {
        for (var i = at; (i = text.IndexOf('<', i)) >= 0; i++)
        {
            if (text.AsSpan(i).StartsWith("<!--"))
            {
                _context.State = HtmlState.HtmlComment;
                return i + 4;
            }
            var isEnd = i + 1 < text.Length && text[i + 1] == '/';
            var start = i + (isEnd ? 2 : 1);
            var end = start;
            while (end < text.Length && (char.IsAsciiLetter(text[end]) || (end > start && (char.IsAsciiDigit(text[end]) || text[end] is '-' or ':'))))
                end++;
            if (end == start)
                continue;
            _context.State = HtmlState.Tag;
            _context.Element = isEnd ? HtmlElement.None : text[start..end].ToLowerInvariant() switch
            {
                "script" => HtmlElement.Script,
                "style" => HtmlElement.Style,
                "textarea" => HtmlElement.Textarea,
                "title" => HtmlElement.Title,
                _ => HtmlElement.None,
            };
            _scriptType = "";
            return end;
        }
        return text.Length;
    }

    private int InTag(string text, int at)
    {
        at = SkipBlank(text, at);
        if (at == text.Length)
            return at;
        if (text[at] == '>')
        {
            if (_context.Element == HtmlElement.Script && !AttributeNames.IsScript(_scriptType))
                _context.Element = HtmlElement.None;
            _context = new HtmlContext { Element = _context.Element, State = _context.ContentState };
            return at + 1;
        }
        var end = NameEnd(text, at);
        if (end == at)
            return at + 1;
        _context.Attribute = AttributeNames.KindOf(text[at..end].ToLowerInvariant(), _context.Element);
        _context.State = end == text.Length ? HtmlState.AttrName : HtmlState.AfterName;
        return end;
    }

    private int InName(string text, int at)
    {
        at = NameEnd(text, at);
        if (at < text.Length)
            _context.State = HtmlState.AfterName;
        return at;
    }

    private int AfterName(string text, int at)
    {
        at = SkipBlank(text, at);
        if (at == text.Length)
            return at;
        if (text[at] != '=')
        {
            _context.State = HtmlState.Tag;
            _context.Attribute = AttributeKind.Plain;
            return at;
        }
        _context.State = HtmlState.BeforeValue;
        return at + 1;
    }

    private int BeforeValue(string text, int at)
    {
        at = SkipBlank(text, at);
        if (at == text.Length)
            return at;
        _context.Delimiter = text[at] switch { '"' => HtmlDelimiter.DoubleQuote, '\'' => HtmlDelimiter.SingleQuote, _ => HtmlDelimiter.SpaceOrTagEnd };
        _context.State = _context.ValueState;
        _context.UrlPart = UrlPart.None;
        _context.SlashDivides = false;
        return _context.Delimiter == HtmlDelimiter.SpaceOrTagEnd ? at : at + 1;
    }

    private int InComment(string text, int at)
    {
        var end = text.IndexOf("-->", at, StringComparison.Ordinal);
        if (end < 0)
            return text.Length;
        _context.State = HtmlState.Text;
        return end + 3;
    }

    private int InValue(string text, int at)
    {
        var end = _context.Delimiter switch
        {
            HtmlDelimiter.DoubleQuote => text.IndexOf('"', at),
            HtmlDelimiter.SingleQuote => text.IndexOf('\'', at),
            _ => text.AsSpan(at).IndexOfAny(" \t\n\f\r>") is var offset && offset < 0 ? -1 : at + offset,
        };
        var value = end < 0 ? text[at..] : text[at..end];
        if (_context.Attribute == AttributeKind.ScriptType)
            _scriptType += value;
        var decoded = WebUtility.HtmlDecode(value);
        for (var i = 0; i < decoded.Length;)
            i = Code(decoded, i, decoded.Length);
        if (end < 0)
            return text.Length;
        var quoted = _context.Delimiter != HtmlDelimiter.SpaceOrTagEnd;
        _context = new HtmlContext { State = HtmlState.Tag, Element = _context.Element };
        _templateBraces.Clear();
        return quoted ? end + 1 : end;
    }

    private static int SkipBlank(string text, int at)
    {
        while (at < text.Length && Blank.Contains(text[at], StringComparison.Ordinal))
            at++;
        return at;
    }

    private static int NameEnd(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny(" \t\n\f\r=/>'\"<");
        return end < 0 ? text.Length : at + end;
    }
}
