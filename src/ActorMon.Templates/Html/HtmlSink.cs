using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Printing;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Html;

/// <summary>
/// Writes HTML whose values are escaped by where they stand (html/template). The context is followed while the document is written, so a template may be
/// called from any context and branches may end in different ones.
/// </summary>
internal sealed class HtmlSink(LimitedText output, int maxBytes) : OutputSink(output)
{
    private readonly HtmlScanner _scanner = new(output);
    private string? _ownEscaper;

    public override void Text(TextNode text) => _scanner.Write(text.Text);

    public override bool TakesOver(PipeNode pipe)
    {
        _ownEscaper = null;
        _scanner.Nudge();
        for (var i = 0; i < pipe.Commands.Count; i++)
        {
            if (pipe.Commands[i].Arguments[0] is not IdentifierNode { Name: "html" or "urlquery" } escaper)
                continue;
            ref var context = ref _scanner.Context;
            if (i < pipe.Commands.Count - 1 || (context is { State: HtmlState.Attr, Delimiter: HtmlDelimiter.SpaceOrTagEnd } && escaper.Name == "html"))
                TemplateFailure.Throw(TemplateErrorKind.Execution, $"html/template:{pipe.Source.Locate(pipe.Position)}: predefined escaper {GoQuote.Quote(escaper.Name)} disallowed in template");
            var same = escaper.Name == "html"
                ? context.State is HtmlState.Text or HtmlState.Rcdata || context.Delimiter is HtmlDelimiter.DoubleQuote or HtmlDelimiter.SingleQuote
                : context.State is HtmlState.Url or HtmlState.CssUrl or HtmlState.CssDqUrl or HtmlState.CssSqUrl;
            // What the context would do the template does already: once is enough.
            _ownEscaper = same ? escaper.Name : null;
        }
        return _ownEscaper is not null;
    }

    public override void Value(TemplateValue value)
    {
        ref var context = ref _scanner.Context;
        var isHtml = value.Type.Name == TemplateType.Html.Name;
        var text = Shown(value);
        switch (context.State)
        {
            case HtmlState.Text:
                Output.Append(_ownEscaper == "html" ? Escaping.Html(text) : isHtml ? text : HtmlEscapers.Escape(text));
                return;
            case HtmlState.Rcdata:
                Output.Append(_ownEscaper == "html" ? Escaping.Html(text) : HtmlEscapers.Escape(text, isHtml));
                return;
            case HtmlState.AttrName or HtmlState.Tag:
                context.State = HtmlState.AttrName;
                Output.Append(HtmlEscapers.Name(text));
                return;
            case HtmlState.Url or HtmlState.CssUrl or HtmlState.CssDqUrl or HtmlState.CssSqUrl or HtmlState.CssDqStr or HtmlState.CssSqStr:
                text = Address(text, value, context);
                isHtml = false;
                break;
            case HtmlState.Srcset:
                text = value.Type.Name == TemplateType.Url.Name ? CodeEscapers.Url(text, keepsStructure: true) : CodeEscapers.Srcset(text);
                break;
            case HtmlState.Js:
                text = CodeEscapers.JsValue(value, new LimitedText(maxBytes));
                context.SlashDivides = true;
                isHtml = false;
                break;
            case HtmlState.JsDqStr or HtmlState.JsSqStr:
                text = CodeEscapers.JsString(text);
                isHtml = false;
                break;
            case HtmlState.JsTmplLit:
                text = CodeEscapers.JsString(text, "${}");
                isHtml = false;
                break;
            case HtmlState.JsRegexp:
                text = CodeEscapers.JsRegexp(text);
                isHtml = false;
                break;
            case HtmlState.Css:
                text = CodeEscapers.CssValue(text);
                isHtml = false;
                break;
            case HtmlState.Attr:
                break;
            default:
                // Nothing is shown inside a comment.
                return;
        }
        Output.Append(InAttribute(text, isHtml, context.Delimiter));
    }

    public override FunctionResult Finish(string name) => _scanner.Context.State == HtmlState.Text
        ? base.Finish(name)
        : FunctionResult.Fail($"html/template:{name}: ends in a non-text context: {_scanner.Context}");

    private string InAttribute(string text, bool isHtml, HtmlDelimiter delimiter)
    {
        if (delimiter == HtmlDelimiter.None)
            return text;
        if (isHtml)
            text = HtmlEscapers.StripTags(text);
        if (delimiter == HtmlDelimiter.SpaceOrTagEnd)
            return HtmlEscapers.Unquoted(text, isHtml);
        return _ownEscaper == "html" ? Escaping.Html(text) : HtmlEscapers.Escape(text, isHtml);
    }

    private string Address(string text, TemplateValue value, HtmlContext context)
    {
        var isUrl = value.Type.Name == TemplateType.Url.Name;
        if (context.UrlPart == UrlPart.None && !isUrl)
            text = CodeEscapers.FilterUrl(text);
        if (_ownEscaper == "urlquery")
            return Escaping.Query(text);
        if (context.UrlPart == UrlPart.QueryOrFragment)
            return CodeEscapers.Url(text, isUrl);
        return context.State is HtmlState.CssDqStr or HtmlState.CssSqStr ? CodeEscapers.CssString(text) : CodeEscapers.Url(text, keepsStructure: true);
    }

    private string Shown(TemplateValue value)
    {
        if (value is StringValue text)
            return text.Value;
        // Nothing is shown for nothing: "<no value>" would be taken for a tag.
        if (value is NilValue)
            return "";
        var shown = new LimitedText(maxBytes);
        new GoPrinter(shown).PrintTop(value);
        return shown.ToString();
    }
}
