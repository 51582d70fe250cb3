using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorMon.Http.Options;

namespace ActorMon.Http.Credentials;

/// <summary>The signed assertion of the jwt-bearer grant (RFC 7523 section 3): issuer, subject (the client id), audience, ten minutes of life, own claims.</summary>
internal static class JwtAssertion
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <param name="keyPem">An RSA private key, PKCS#1 or PKCS#8 PEM without pass phrase.</param>
    /// <exception cref="HttpTransportException">The key cannot be used.</exception>
    public static string Create(OAuth2Options options, string keyPem, DateTimeOffset now)
    {
        var text = $"{Base64Url.EncodeToString(Header(options))}.{Base64Url.EncodeToString(Claims(options, now))}";
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(keyPem);
            return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), Hash(options.SignatureAlgorithm), RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new HttpTransportException($"oauth2: cannot use client certificate key: {e.Message}", e);
        }
    }

    private static HashAlgorithmName Hash(string algorithm) => algorithm switch
    {
        "RS384" => HashAlgorithmName.SHA384,
        "RS512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static byte[] Header(OAuth2Options options)
    {
        var header = new Dictionary<string, object?> { ["alg"] = options.SignatureAlgorithm is "RS384" or "RS512" ? options.SignatureAlgorithm : "RS256" };
        if (options.ClientCertificateKeyId.Length > 0)
            header["kid"] = options.ClientCertificateKeyId;
        header["typ"] = "JWT";
        return Json(header);
    }

    private static byte[] Claims(OAuth2Options options, DateTimeOffset now)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = options.Issuer.Length > 0 ? options.Issuer : options.ClientId,
            ["sub"] = options.ClientId,
            ["jti"] = Guid.NewGuid().ToString(),
            ["aud"] = options.Audience.Length > 0 ? options.Audience : options.TokenUrl,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        };
        if (options.Scopes.Count > 0)
            claims["scope"] = string.Join(' ', options.Scopes);
        foreach (var (name, value) in options.Claims)
            claims[name] = value;
        return Json(claims);
    }

    private static byte[] Json(Dictionary<string, object?> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, values);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                writer.WriteStartObject();
                foreach (var (name, item) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }
                writer.WriteEndObject();
                break;
            case System.Collections.IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"oauth2 claims: a value of type {value.GetType().Name} has no JSON form");
        }
    }
}
