using System.Globalization;
using System.Net;

namespace ActorMon.Templates.Functions;

/// <summary>stripPort and stripDomain, by Go's rules of host and port.</summary>
internal static class HostText
{
    public static string WithoutPort(string text) => Split(text) is { } parts ? parts.Host : text;

    public static string WithoutDomain(string text)
    {
        var parts = Split(text);
        var host = parts?.Host ?? text;
        if (IsAddress(host))
            return text;
        host = host.Split('.')[0];
        var port = parts?.Port ?? "";
        if (port.Length == 0)
            return host;
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>The path of an address of a server, unescaped; "" when it has none.</summary>
    public static string PathOf(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var start = url.IndexOf('/', scheme < 0 ? 0 : scheme + 3);
        if (start < 0)
            return "";
        var end = url.IndexOfAny(['?', '#'], start);
        return Uri.UnescapeDataString(end < 0 ? url[start..] : url[start..end]);
    }

    /// <summary>host:port or [host]:port; null when the text is neither (net.SplitHostPort).</summary>
    private static (string Host, string Port)? Split(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return null;
        string host;
        if (text[0] == '[')
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || end + 1 != colon)
                return null;
            host = text[1..end];
            if (host.Contains('[', StringComparison.Ordinal))
                return null;
        }
        else
        {
            host = text[..colon];
            if (host.AsSpan().ContainsAny(':', '[', ']'))
                return null;
        }
        var port = text[(colon + 1)..];
        return port.AsSpan().ContainsAny('[', ']') ? null : (host, port);
    }

    private static bool IsAddress(string host)
    {
        if (host.Contains(':', StringComparison.Ordinal))
            return !host.AsSpan().ContainsAny('[', ']', '%') && IPAddress.TryParse(host, out _);
        var parts = host.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, p => p.Length is > 0 and <= 3 && (p.Length == 1 || p[0] != '0')
            && byte.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
