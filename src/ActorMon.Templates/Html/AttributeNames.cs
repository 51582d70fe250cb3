using System.Collections.Frozen;

namespace ActorMon.Templates.Html;

/// <summary>What attributes hold, by their names.</summary>
internal static class AttributeNames
{
    private static readonly FrozenSet<string> Urls = new[]
    {
        "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "longdesc", "manifest", "poster", "profile", "src",
        "usemap", "xmlns",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> ScriptTypes = new[]
    {
        "", "application/ecmascript", "application/javascript", "application/json", "application/ld+json", "application/x-ecmascript", "application/x-javascript",
        "module", "text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
        "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript", "text/x-javascript",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="name">The attribute's name in lower case.</param>
    /// <param name="element">The element it is of.</param>
    public static AttributeKind KindOf(string name, HtmlElement element)
    {
        if (element == HtmlElement.Script && name == "type")
            return AttributeKind.ScriptType;
        if (name.StartsWith("data-", StringComparison.Ordinal))
            name = name[5..];
        else if (name.IndexOf(':', StringComparison.Ordinal) is var colon && colon >= 0)
            name = name.StartsWith("xmlns:", StringComparison.Ordinal) ? "xmlns" : name[(colon + 1)..];
        if (Urls.Contains(name))
            return AttributeKind.Url;
        if (name == "style")
            return AttributeKind.Css;
        if (name is "srcset" or "imagesrcset")
            return AttributeKind.Srcset;
        if (name.StartsWith("on", StringComparison.Ordinal))
            return AttributeKind.Js;
        // Attributes of applications are named after what they hold.
        return name.Contains("src", StringComparison.Ordinal) || name.Contains("uri", StringComparison.Ordinal) || name.Contains("url", StringComparison.Ordinal)
            ? AttributeKind.Url
            : AttributeKind.Plain;
    }

    /// <summary>Whether a script of this type is JavaScript (or JSON, which is escaped alike).</summary>
    public static bool IsScript(string type)
    {
        var parameters = type.IndexOf(';', StringComparison.Ordinal);
        return ScriptTypes.Contains((parameters < 0 ? type : type[..parameters]).Trim().ToLowerInvariant());
    }
}
