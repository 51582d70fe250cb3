using System.Text;

namespace ActorMon.Exposition.Negotiation;

/// <summary>A parsed Content-Type: type/subtype in lower case, parameters by lower-case name.</summary>
internal sealed record MediaType(string Type, IReadOnlyDictionary<string, string> Parameters)
{
    private const string Specials = "()<>@,;:\\\"/[]?=";

    /// <summary>Parses a header value as Go's mime.ParseMediaType does, errors included; null with <paramref name="problem"/> set when it is malformed.</summary>
    public static MediaType? Parse(string header, out string? problem)
    {
        var semicolon = header.IndexOf(';', StringComparison.Ordinal);
        var type = (semicolon < 0 ? header : header[..semicolon]).Trim().ToLowerInvariant();
        problem = CheckType(type);
        if (problem is not null)
            return null;
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = semicolon < 0 ? "" : header[semicolon..];
        while (rest.Trim().Length > 0)
        {
            if (rest.Trim() == ";")
                break;
            if (!TryParameter(ref rest, out var name, out var value))
            {
                problem = "mime: invalid media parameter";
                return null;
            }
            if (!parameters.TryAdd(name, value) && parameters[name] != value)
            {
                problem = "mime: duplicate parameter name";
                return null;
            }
        }
        return new MediaType(type, parameters);
    }

    private static string? CheckType(string type)
    {
        var main = TokenLength(type);
        if (main == 0)
            return "mime: no media type";
        if (main == type.Length)
            return null;
        if (type[main] != '/')
            return "mime: expected slash after first token";
        var sub = TokenLength(type.AsSpan(main + 1));
        if (sub == 0)
            return "mime: expected token after slash";
        return main + 1 + sub == type.Length ? null : "mime: unexpected content after media subtype";
    }

    private static bool TryParameter(ref string rest, out string name, out string value)
    {
        name = value = "";
        var text = rest.TrimStart();
        if (!text.StartsWith(';'))
            return false;
        text = text[1..].TrimStart();
        var length = TokenLength(text);
        if (length == 0)
            return false;
        name = text[..length].ToLowerInvariant();
        text = text[length..].TrimStart();
        if (!text.StartsWith('='))
            return false;
        text = text[1..].TrimStart();
        if (text.StartsWith('"'))
            return TryQuoted(text, out value, out rest);
        length = TokenLength(text);
        value = text[..length];
        rest = text[length..];
        return length > 0;
    }

    private static bool TryQuoted(string text, out string value, out string rest)
    {
        var plain = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                value = plain.ToString();
                rest = text[(i + 1)..];
                return true;
            }
            if (text[i] is '\r' or '\n')
                break;
            if (text[i] == '\\' && i + 1 < text.Length && Specials.Contains(text[i + 1], StringComparison.Ordinal))
                i++;
            plain.Append(text[i]);
        }
        value = "";
        rest = text;
        return false;
    }

    private static int TokenLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && text[length] is > ' ' and < '\x7f' && !Specials.Contains(text[length], StringComparison.Ordinal))
            length++;
        return length;
    }
}
