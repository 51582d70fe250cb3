using System.Text;

namespace ActorMon.Http.Proxies;

/// <summary>A proxy URL taken apart.</summary>
internal sealed class ProxyServer
{
    public ProxyServer(Uri url)
    {
        IsSocks = url.Scheme is "socks5" or "socks5h";
        IsSecure = url.Scheme == "https";
        Host = url.IdnHost;
        Port = url.Port > 0 ? url.Port : IsSocks ? 1080 : IsSecure ? 443 : 80;
        if (url.UserInfo.Length > 0)
        {
            var (user, password) = UserInfo.Split(url);
            User = user;
            Password = password;
            Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        }
        // TLS to the proxy is the connector's; to the platform's handler every HTTP proxy is a plain one.
        PlainUrl = new Uri($"http://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");
    }

    public bool IsSocks { get; }
    public bool IsSecure { get; }
    public string Host { get; }
    public int Port { get; }
    public string? User { get; }
    public string? Password { get; }

    /// <summary>The Proxy-Authorization value of the URL's credentials, or null.</summary>
    public string? Authorization { get; }
    public Uri PlainUrl { get; }

    /// <summary>Whether a URL names a proxy of a kind this room can use.</summary>
    public static bool Supports(Uri url) => url.IsAbsoluteUri && url.Scheme is "http" or "https" or "socks5" or "socks5h";
}

/// <summary>User name and password of a URL, unescaped.</summary>
internal static class UserInfo
{
    public static (string User, string Password) Split(Uri url)
    {
        var colon = url.UserInfo.IndexOf(':');
        return colon < 0
            ? (Uri.UnescapeDataString(url.UserInfo), "")
            : (Uri.UnescapeDataString(url.UserInfo[..colon]), Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]));
    }
}
