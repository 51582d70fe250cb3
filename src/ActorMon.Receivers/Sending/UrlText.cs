using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Receivers.Sending;

/// <summary>Addresses made of a configured one.</summary>
internal static class UrlText
{
    /// <summary>The path goes on directly behind that of the address, before its query.</summary>
    public static string AppendPath(string url, string path)
    {
        var end = PathEnd(url);
        return url[..end] + Escape(path) + url[end..];
    }

    /// <summary>As <see cref="AppendPath"/>, with one slash between.</summary>
    public static string JoinPath(string url, string path)
    {
        var end = PathEnd(url);
        return $"{url[..end].TrimEnd('/')}/{Escape(path.TrimStart('/'))}{url[end..]}";
    }

    /// <summary>Sets the query's values beside those it has, all sorted by name.</summary>
    public static string WithQuery(string url, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var end = PathEnd(url);
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in url[end..].TrimStart('?').Split('#')[0].Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is var parts)
                all[Unescape(parts[0])] = parts.Length > 1 ? Unescape(parts[1]) : "";
        foreach (var (name, value) in values)
            all[name] = value;
        var text = new StringBuilder(url[..end]);
        foreach (var (name, value) in all)
            GoUrl.AppendQueryEscaped(GoUrl.AppendQueryEscaped(text.Append(text.Length == end ? '?' : '&'), name).Append('='), value);
        return text.ToString();
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static int PathEnd(string url) => url.AsSpan().IndexOfAny('?', '#') is var end && end < 0 ? url.Length : end;

    private static string Escape(string path) => GoUrl.AppendPathEscaped(new StringBuilder(), path).ToString();
}
