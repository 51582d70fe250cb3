using ActorMon.Model.Text;

namespace ActorMon.Configuration.Units;

/// <summary>
/// As much of Go's url.Parse as configuration checks need: the scheme and the host (with port), or its error. Lax where Go is lax:
/// "localhost:9090" is the scheme localhost.
/// </summary>
internal readonly record struct PeerUrl(string Scheme, string Host)
{
    public static bool TryParse(string text, out PeerUrl url, out string error)
    {
        url = default;
        error = Parse(text, ref url) is { } problem ? $"parse {GoQuote.Quote(text)}: {problem}" : "";
        return error.Length == 0;
    }

    /// <summary>The URL with any password replaced by xxxxx.</summary>
    public static string Redact(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal);
        if (start < 0)
            return text;
        var end = text.AsSpan(start + 2).IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text[(start + 2)..] : text.Substring(start + 2, end);
        var at = authority.LastIndexOf('@');
        var colon = at < 0 ? -1 : authority.IndexOf(':', 0, at);
        return colon < 0 ? text : $"{text[..(start + 2)]}{authority[..colon]}:xxxxx{authority[at..]}{text[(start + 2 + authority.Length)..]}";
    }

    private static string? Parse(string text, ref PeerUrl url)
    {
        foreach (var c in text)
            if (c < ' ' || c == 0x7f)
                return "net/url: invalid control character in URL";
        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        var rest = fragment < 0 ? text : text[..fragment];
        var scheme = "";
        var colon = rest.AsSpan().IndexOfAnyExcept(SchemeChars);
        if (colon == 0 && rest[0] == ':')
            return "missing protocol scheme";
        if (colon > 0 && rest[colon] == ':' && char.IsAsciiLetter(rest[0]))
        {
            scheme = rest[..colon].ToLowerInvariant();
            rest = rest[(colon + 1)..];
        }
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
            rest = rest[..query];
        if (!rest.StartsWith('/') && scheme.Length == 0 && rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
            return "first path segment in URL cannot contain colon";
        var host = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            host = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            host = host[(host.LastIndexOf('@') + 1)..];
            if (HostProblem(host) is { } problem)
                return problem;
        }
        url = new PeerUrl(scheme, host);
        return EscapeProblem(rest);
    }

    private static string? HostProblem(string host)
    {
        if (host.IndexOfAny([' ', '"', '<', '>', '\\', '^', '`', '{', '}', '|']) is >= 0 and var bad)
            return $"invalid character {GoQuote.Quote(host[bad].ToString())} in host name";
        var colon = host.StartsWith('[') ? host.IndexOf("]:", StringComparison.Ordinal) + 1 : host.LastIndexOf(':');
        if (host.StartsWith('[') && !host.Contains(']', StringComparison.Ordinal))
            return "missing ']' in host";
        if (colon > 0 || (colon == 0 && host.Length > 0 && host[0] == ':'))
            if (host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9'))
                return $"invalid port {GoQuote.Quote(host[colon..])} after host";
        return EscapeProblem(host);
    }

    private static string? EscapeProblem(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                return $"invalid URL escape {GoQuote.Quote(text.Substring(at, Math.Min(3, text.Length - at)))}";
        return null;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeChars =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
