using ActorMon.Model.Text;

namespace ActorMon.Configuration.Units;

/// <summary>URLs of receivers: http or https, with a host.</summary>
internal static class AlertmanagerUrl
{
    /// <summary>What is wrong with the URL in the original's words, or null. Nothing in it names the URL, which is a secret.</summary>
    public static string? Problem(string text)
    {
        if (text.Length == 0 || text == "<secret>")
            return null;
        if (!PeerUrl.TryParse(text, out var url, out var error))
            return error.Replace(text, "[REDACTED]", StringComparison.Ordinal);
        if (url.Scheme is not ("http" or "https"))
            return $"unsupported scheme {GoQuote.Quote(url.Scheme)} for URL";
        return url.Host.Length == 0 ? "missing host for URL" : null;
    }
}
