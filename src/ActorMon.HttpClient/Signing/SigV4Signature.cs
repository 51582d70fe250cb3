using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Http.Signing;

/// <summary>AWS Signature Version 4 of one request: pure.</summary>
internal static class SigV4Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>As x-amz-date says it.</summary>
    public static string DateOf(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <param name="headers">Names in lower case with values trimmed, sorted by name: host and x-amz-date, and whatever else is to be signed.</param>
    /// <returns>The value of the Authorization header.</returns>
    public static string Of(
        string method, Uri uri, IReadOnlyList<(string Name, string Value)> headers, string bodyHash, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        var date = DateOf(now);
        var signed = string.Join(';', headers.Select(h => h.Name));
        var canonical = new StringBuilder(method).Append('\n').Append(PathOf(uri)).Append('\n').Append(QueryOf(uri)).Append('\n');
        foreach (var (name, value) in headers)
            canonical.Append(name).Append(':').Append(value).Append('\n');
        canonical.Append('\n').Append(signed).Append('\n').Append(bodyHash);
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var text = $"{Algorithm}\n{date}\n{scope}\n{HashOf(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        var key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + keys.SecretKey), date[..8]), region), service), "aws4_request");
        return $"{Algorithm} Credential={keys.AccessKey}/{scope}, SignedHeaders={signed}, Signature={Convert.ToHexStringLower(Hmac(key, text))}";
    }

    /// <summary>The path as it is sent, escaped once more.</summary>
    private static string PathOf(Uri uri) => string.Join('/', uri.AbsolutePath.Split('/').Select(Escape));

    private static string QueryOf(Uri uri) => string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Escape(Uri.UnescapeDataString(pair[0])), Value: pair.Length > 1 ? Escape(Uri.UnescapeDataString(pair[1])) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Escape(string text) => GoUrl.AppendQueryEscaped(new StringBuilder(), text).Replace("+", "%20").ToString();

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
