using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ActorMon.Http.Credentials;

/// <summary>An access token. <paramref name="Expiry"/> null: the server set no limit.</summary>
internal sealed record OAuth2Token(string Type, string Access, DateTimeOffset? Expiry)
{
    /// <summary>A token is renewed this long before its end, so that it does not end on its way.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(10);

    public string Authorization => $"{CanonicalType} {Access}";

    public bool IsValid(DateTimeOffset now) => Expiry is not { } expiry || now < expiry - RenewBefore;

    private string CanonicalType =>
        Type.Length == 0 || Type.Equals("bearer", StringComparison.OrdinalIgnoreCase) ? "Bearer"
        : Type.Equals("mac", StringComparison.OrdinalIgnoreCase) ? "MAC"
        : Type.Equals("basic", StringComparison.OrdinalIgnoreCase) ? "Basic"
        : Type;

    /// <summary>The token endpoint's answer (RFC 6749 section 5.1), JSON or, from old servers, form encoded.</summary>
    /// <exception cref="HttpTransportException">No token in it; the text starts with <c>oauth2:</c>.</exception>
    public static OAuth2Token Parse(ReadOnlySpan<byte> body, string? mediaType, DateTimeOffset now)
    {
        var (access, type, seconds) = mediaType is "application/x-www-form-urlencoded" or "text/plain" ? Form(body) : Json(body);
        if (access.Length == 0)
            throw new HttpTransportException("oauth2: server response missing access_token");
        return new OAuth2Token(type, access, seconds > 0 ? now.AddSeconds(seconds) : null);
    }

    /// <summary>The text of a refused token request: the server's error code (RFC 6749 section 5.2) or its status and body.</summary>
    public static string Refusal(HttpStatusCode status, string? reason, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "error") is { Length: > 0 } code)
            {
                var text = new StringBuilder($"oauth2: \"{code}\"");
                if (Text(document.RootElement, "error_description") is { Length: > 0 } description)
                    text.Append($" \"{description}\"");
                if (Text(document.RootElement, "error_uri") is { Length: > 0 } uri)
                    text.Append($" \"{uri}\"");
                return text.ToString();
            }
        }
        catch (JsonException)
        {
            // Not every server words its refusal in JSON; the raw body follows.
        }
        return $"oauth2: cannot fetch token: {(int)status} {reason}\nResponse: {Encoding.UTF8.GetString(body)}";
    }

    private static (string Access, string Type, long Seconds) Json(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new HttpTransportException("oauth2: cannot parse json: the token is not an object");
            return (Text(root, "access_token"), Text(root, "token_type"), Seconds(root));
        }
        catch (JsonException e)
        {
            throw new HttpTransportException($"oauth2: cannot parse json: {e.Message}", e);
        }
    }

    private static (string Access, string Type, long Seconds) Form(ReadOnlySpan<byte> body)
    {
        string access = "", type = "";
        long seconds = 0;
        foreach (var pair in Encoding.UTF8.GetString(body).Split('&'))
        {
            var equals = pair.IndexOf('=');
            if (equals < 0)
                continue;
            var value = WebUtility.UrlDecode(pair[(equals + 1)..]);
            switch (WebUtility.UrlDecode(pair[..equals]))
            {
                case "access_token": access = value; break;
                case "token_type": type = value; break;
                case "expires_in": seconds = Number(value); break;
            }
        }
        return (access, type, seconds);
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A number, by some servers written as a string.</summary>
    private static long Seconds(JsonElement root) => root.TryGetProperty("expires_in", out var value)
        ? value.ValueKind == JsonValueKind.String ? Number(value.GetString()!) : value.ValueKind == JsonValueKind.Number ? Number(value.GetRawText()) : 0
        : 0;

    /// <summary>Whole seconds, bounded by what a timestamp can hold.</summary>
    private static long Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? (long)Math.Min(number, int.MaxValue) : 0;
}
