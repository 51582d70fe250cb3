namespace ActorMon.Templates.Html;

/// <summary>Where in an HTML document a place is: what a browser would take the next character for.</summary>
internal enum HtmlState : byte
{
    Text,
    Tag,
    AttrName,
    AfterName,
    BeforeValue,
    HtmlComment,
    Rcdata,
    Attr,
    Url,
    Srcset,
    Js,
    JsDqStr,
    JsSqStr,
    JsTmplLit,
    JsRegexp,
    JsBlockComment,
    JsLineComment,
    Css,
    CssDqStr,
    CssSqStr,
    CssDqUrl,
    CssSqUrl,
    CssUrl,
    CssBlockComment,
    CssLineComment,
}

/// <summary>What ends an attribute's value.</summary>
internal enum HtmlDelimiter : byte
{
    None,
    DoubleQuote,
    SingleQuote,
    SpaceOrTagEnd,
}

/// <summary>The part of a URL.</summary>
internal enum UrlPart : byte
{
    None,
    PreQuery,
    QueryOrFragment,
}

/// <summary>Elements whose content is no HTML.</summary>
internal enum HtmlElement : byte
{
    None,
    Script,
    Style,
    Textarea,
    Title,
}

/// <summary>What the attribute being read holds.</summary>
internal enum AttributeKind : byte
{
    Plain,
    Url,
    Srcset,
    Js,
    Css,
    ScriptType,
}

/// <summary>A place in a document.</summary>
internal struct HtmlContext
{
    public HtmlState State;
    public HtmlDelimiter Delimiter;
    public UrlPart UrlPart;

    /// <summary>In JavaScript: a slash divides here; otherwise it starts a regular expression.</summary>
    public bool SlashDivides;
    public AttributeKind Attribute;
    public HtmlElement Element;

    public readonly bool IsComment => State is HtmlState.HtmlComment or HtmlState.JsBlockComment or HtmlState.JsLineComment or HtmlState.CssBlockComment or HtmlState.CssLineComment;

    /// <summary>The state at the start of a value of the attribute.</summary>
    public readonly HtmlState ValueState => Attribute switch
    {
        AttributeKind.Url => HtmlState.Url,
        AttributeKind.Srcset => HtmlState.Srcset,
        AttributeKind.Js => HtmlState.Js,
        AttributeKind.Css => HtmlState.Css,
        _ => HtmlState.Attr,
    };

    /// <summary>The state of an element's content.</summary>
    public readonly HtmlState ContentState => Element switch
    {
        HtmlElement.Script => HtmlState.Js,
        HtmlElement.Style => HtmlState.Css,
        HtmlElement.Textarea or HtmlElement.Title => HtmlState.Rcdata,
        _ => HtmlState.Text,
    };

    public override readonly string ToString() => $"{{state{State} delim{Delimiter} element{Element}}}";
}
