using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorMon.Testing.Http;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Target">The request line's target: a path, an absolute URL (to a proxy) or host:port (CONNECT).</param>
public sealed record ReceivedRequest(string Method, string Target, string Version, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>Number of the connection it came over, from 1.</summary>
    public int Connection { get; init; }

    /// <summary>The certificate the client showed, if any.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The name the client asked for in its TLS hello; "" for none; null without TLS.</summary>
    public string? ServerName { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The header's value; null when absent; values of several lines joined by ", ".</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    /// <summary>The body as form fields.</summary>
    public IReadOnlyDictionary<string, string> Form => Text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => System.Net.WebUtility.UrlDecode(pair[0]), pair => System.Net.WebUtility.UrlDecode(pair[1]));
}
