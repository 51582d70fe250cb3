using System.Collections.Frozen;

namespace ActorMon.Templates.Html;

/// <summary>JavaScript, CSS and URLs, in elements and in attributes.</summary>
internal sealed partial class HtmlScanner
{
    private static readonly FrozenSet<string> WordsBeforeRegex = new[]
    {
        "break", "case", "continue", "delete", "do", "else", "finally", "in", "instanceof", "return", "throw", "try", "typeof", "void",
    }.ToFrozenSet(StringComparer.Ordinal);

    private bool _regexClass;

    /// <summary>One step in code from <paramref name="at"/>, before <paramref name="end"/>; where it stopped.</summary>
    private int Code(string text, int at, int end)
    {
        switch (_context.State)
        {
            case HtmlState.Url:
                Url(text.AsSpan(at, end - at));
                return end;
            case HtmlState.Js:
                return Js(text, at, end);
            case HtmlState.JsDqStr:
                return Quoted(text, at, end, '"', HtmlState.Js);
            case HtmlState.JsSqStr:
                return Quoted(text, at, end, '\'', HtmlState.Js);
            case HtmlState.JsTmplLit:
                return TemplateLiteral(text, at, end);
            case HtmlState.JsRegexp:
                return Regexp(text, at, end);
            case HtmlState.JsBlockComment:
                return Until(text, at, end, "*/", HtmlState.Js);
            case HtmlState.CssBlockComment:
                return Until(text, at, end, "*/", HtmlState.Css);
            case HtmlState.JsLineComment:
                return LineEnd(text, at, end, HtmlState.Js);
            case HtmlState.CssLineComment:
                return LineEnd(text, at, end, HtmlState.Css);
            case HtmlState.Css:
                return Css(text, at, end);
            case HtmlState.CssDqStr or HtmlState.CssDqUrl:
                return CssQuoted(text, at, end, '"');
            case HtmlState.CssSqStr or HtmlState.CssSqUrl:
                return CssQuoted(text, at, end, '\'');
            case HtmlState.CssUrl:
                return CssQuoted(text, at, end, ')');
            default:
                return end;
        }
    }

    private void Url(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('#', '?') >= 0)
            _context.UrlPart = UrlPart.QueryOrFragment;
        else if (_context.UrlPart == UrlPart.None && text.IndexOfAnyExcept(Blank) >= 0)
            _context.UrlPart = UrlPart.PreQuery;
    }

    private int Js(string text, int at, int end)
    {
        var i = at + text.AsSpan(at, end - at).IndexOfAny("\"'`/{}");
        if (i < at)
        {
            AfterTokens(text.AsSpan(at, end - at));
            return end;
        }
        AfterTokens(text.AsSpan(at, i - at));
        switch (text[i])
        {
            case '"':
                _context.State = HtmlState.JsDqStr;
                return i + 1;
            case '\'':
                _context.State = HtmlState.JsSqStr;
                return i + 1;
            case '`':
                _context.State = HtmlState.JsTmplLit;
                return i + 1;
            case '{':
                if (_templateBraces.TryPop(out var depth))
                    _templateBraces.Push(depth + 1);
                _context.SlashDivides = false;
                return i + 1;
            case '}':
                if (_templateBraces.TryPop(out var open))
                {
                    if (open == 0)
                        _context.State = HtmlState.JsTmplLit;
                    else
                        _templateBraces.Push(open - 1);
                }
                _context.SlashDivides = false;
                return i + 1;
        }
        if (i + 1 < end && text[i + 1] is '/' or '*' && i + 1 < text.Length)
        {
            _context.State = text[i + 1] == '/' ? HtmlState.JsLineComment : HtmlState.JsBlockComment;
            return i + 2;
        }
        if (_context.SlashDivides)
        {
            _context.SlashDivides = false;
            return i + 1;
        }
        _context.State = HtmlState.JsRegexp;
        _regexClass = false;
        return i + 1;
    }

    /// <summary>Whether a slash behind these tokens divides.</summary>
    private void AfterTokens(ReadOnlySpan<char> tokens)
    {
        tokens = tokens.TrimEnd(" \t\n\f\r\u2028\u2029");
        if (tokens.IsEmpty)
            return;
        var last = tokens[^1];
        if (last is '+' or '-')
        {
            // x++ and x-- are values, a single sign wants one.
            var run = tokens.Length - 1 - tokens.LastIndexOfAnyExcept(last);
            _context.SlashDivides = run % 2 == 0;
        }
        else if (last == '.')
        {
            _context.SlashDivides = tokens.Length > 1 && char.IsAsciiDigit(tokens[^2]);
        }
        else if (",<>=*%&|^?!~([{;:}".Contains(last, StringComparison.Ordinal))
        {
            _context.SlashDivides = false;
        }
        else
        {
            var start = tokens.Length;
            while (start > 0 && (char.IsAsciiLetterOrDigit(tokens[start - 1]) || tokens[start - 1] is '$' or '_'))
                start--;
            _context.SlashDivides = !WordsBeforeRegex.Contains(tokens[start..].ToString());
        }
    }

    private int Quoted(string text, int at, int end, char quote, HtmlState outside)
    {
        for (var i = at; i < end; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == quote)
            {
                _context.State = outside;
                _context.SlashDivides = true;
                return i + 1;
            }
        }
        return end;
    }

    private int TemplateLiteral(string text, int at, int end)
    {
        for (var i = at; i < end; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '`')
            {
                _context.State = HtmlState.Js;
                _context.SlashDivides = true;
                return i + 1;
            }
            else if (text[i] == '$' && i + 1 < end && text[i + 1] == '{')
            {
                _templateBraces.Push(0);
                _context.State = HtmlState.Js;
                _context.SlashDivides = false;
                return i + 2;
            }
        }
        return end;
    }

    private int Regexp(string text, int at, int end)
    {
        for (var i = at; i < end; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    _regexClass = true;
                    break;
                case ']':
                    _regexClass = false;
                    break;
                case '/' when !_regexClass:
                    _context.State = HtmlState.Js;
                    _context.SlashDivides = true;
                    return i + 1;
            }
        }
        return end;
    }

    private int Until(string text, int at, int end, string closing, HtmlState outside)
    {
        var found = text.AsSpan(at, end - at).IndexOf(closing);
        if (found < 0)
            return end;
        _context.State = outside;
        return at + found + closing.Length;
    }

    private int LineEnd(string text, int at, int end, HtmlState outside)
    {
        var found = text.AsSpan(at, end - at).IndexOfAny("\n\r\u2028\u2029\f");
        if (found < 0)
            return end;
        _context.State = outside;
        return at + found + 1;
    }

    private int Css(string text, int at, int end)
    {
        for (var i = at; i < end; i++)
        {
            switch (text[i])
            {
                case '"':
                    return Enter(HtmlState.CssDqStr, i + 1);
                case '\'':
                    return Enter(HtmlState.CssSqStr, i + 1);
                case '(' when text.AsSpan(at, i - at).TrimEnd(Blank).EndsWith("url", StringComparison.OrdinalIgnoreCase):
                    i = Math.Min(SkipBlank(text, i + 1), end);
                    var quote = i < end ? text[i] : ' ';
                    return quote == '"' ? Enter(HtmlState.CssDqUrl, i + 1) : quote == '\'' ? Enter(HtmlState.CssSqUrl, i + 1) : Enter(HtmlState.CssUrl, i);
                case '/' when i + 1 < end && text[i + 1] == '/':
                    return Enter(HtmlState.CssLineComment, i + 2);
                case '/' when i + 1 < end && text[i + 1] == '*':
                    return Enter(HtmlState.CssBlockComment, i + 2);
            }
        }
        return end;

        int Enter(HtmlState state, int next)
        {
            _context.State = state;
            _context.UrlPart = UrlPart.None;
            return next;
        }
    }

    private int CssQuoted(string text, int at, int end, char closing)
    {
        for (var i = at; i < end; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == closing)
            {
                _context.State = HtmlState.Css;
                _context.UrlPart = UrlPart.None;
                return i + 1;
            }
        }
        Url(text.AsSpan(at, end - at));
        return end;
    }
}
