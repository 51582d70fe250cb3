using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Web;

/// <summary>Keys and rules of the web configuration file (prometheus/exporter-toolkit).</summary>
internal static class WebConfigSchema
{
    private static readonly string[] Versions = ["TLS10", "TLS11", "TLS12", "TLS13"];
    private static readonly string[] Curves = ["CurveP256", "CurveP384", "CurveP521", "X25519", "X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024"];

    private static readonly string[] Ciphers =
    [
        "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ];

    /// <summary>Headers that may be set, and the values of those with a fixed set.</summary>
    private static readonly Dictionary<string, string[]> Headers = new(StringComparer.Ordinal)
    {
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
        ["Content-Security-Policy"] = [],
    };

    private static readonly SectionSchema Tls = new("web.TLSConfig",
        Key.Text("cert"), Key.Secret("key"), Key.Text("client_ca"), Key.Path("cert_file"), Key.Path("key_file"), Key.Text("client_auth_type"), Key.Path("client_ca_file"),
        new KeySpec("cipher_suites", KeyKind.TextList) { TypeName = "[]web.Cipher", Check = c => Array.IndexOf(Ciphers, c) < 0 ? $"unknown cipher: {c}" : null },
        new KeySpec("curve_preferences", KeyKind.TextList) { TypeName = "[]web.Curve", Check = c => Array.IndexOf(Curves, c) < 0 ? $"unknown curve: {c}" : null },
        Version("min_version", "TLS12"), Version("max_version", "TLS13"), Key.Bool("prefer_server_cipher_suites", true), Key.TextList("client_allowed_sans"))
    {
        Check = CheckTls,
    };

    private static readonly SectionSchema Http = new("web.HTTPConfig", Key.Bool("http2", true), Key.TextMap("headers"))
    {
        Check = (s, context) =>
        {
            foreach (var (name, value) in s.Map("headers"))
                if (!Headers.TryGetValue(name, out var allowed))
                    context.Error(s, "headers", $"HTTP header {GoQuote.Quote(name)} can not be configured");
                else if (allowed.Length > 0 && Array.IndexOf(allowed, value) < 0)
                    context.Error(s, "headers", $"invalid value for {name}. Expected one of: {GoText.List(allowed.Select(GoQuote.Quote))}, but got: {GoQuote.Quote(value)}");
        },
    };

    private static readonly SectionSchema Rate = new("web.RateLimiterConfig", Key.Integer("burst"), new KeySpec("interval", KeyKind.GoDuration)
    {
        Default = TimeSpan.Zero,
        TypeName = "time.Duration",
    });

    public static readonly SectionSchema Top = new("web.Config", Key.Section("tls_server_config", Tls), Key.Section("http_server_config", Http), Key.Section("rate_limit", Rate),
        new KeySpec("basic_auth_users", KeyKind.SecretMap) { TypeName = "map[string]config.Secret" })
    {
        Check = (s, context) =>
        {
            foreach (var (user, hash) in s.Map("basic_auth_users"))
                if (BcryptProblem(hash) is { } problem)
                    context.Error(s, "basic_auth_users", $"user {GoQuote.Quote(user)}: {problem}");
        },
    };

    /// <summary>True when any key that switches TLS on is set.</summary>
    public static bool IsTlsOn(ConfigSection s) => s.Has("cert") || s.Has("cert_file") || s.Has("key") || s.Has("key_file") || s.Has("client_ca") || s.Has("client_ca_file")
        || s.Has("client_auth_type");

    /// <summary>A bcrypt hash: $2a$, $2b$ or $2y$, a cost of 4 to 31, 22 characters of salt and 31 of digest. Never repeats the hash in its message.</summary>
    internal static string? BcryptProblem(string hash)
    {
        const string Prefix = "crypto/bcrypt: ";
        if (hash.Length < 59)
            return Prefix + "hashedSecret too short to be a bcrypted password";
        if (hash[0] != '$')
            return Prefix + $"bcrypt hashes must start with '$', but hashedSecret started with '{hash[0]}'";
        if (hash[1] > '2')
            return Prefix + $"bcrypt algorithm version '{hash[1]}' requested is newer than current version '2'";
        var cost = hash.Split('$') is [_, _, var digits, _] && int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var read) ? read : -1;
        return cost is < 4 or > 31 ? Prefix + $"cost {cost} is outside allowed range (4,31)" : null;
    }

    private static void CheckTls(ConfigSection s, ReadContext context)
    {
        if (!IsTlsOn(s))
            return;
        if (!s.Has("cert") && !s.Has("cert_file"))
            context.Error(s, "cert_file", "missing one of cert or cert_file");
        if (!s.Has("key") && !s.Has("key_file"))
            context.Error(s, "key_file", "missing one of key or key_file");
        var type = s.Text("client_auth_type");
        if (WebConfigLoader.ClientAuth(type) is not { } auth)
            context.Error(s, "client_auth_type", "invalid ClientAuth: " + type);
        else if (auth == ClientAuthType.NoClientCert && (s.Has("client_ca") || s.Has("client_ca_file")))
            context.Error(s, "client_ca_file", "client CA's have been configured without a Client Auth Policy");
    }

    private static KeySpec Version(string name, string fallback) => new(name, KeyKind.Text)
    {
        Default = fallback,
        TypeName = "web.TLSVersion",
        Check = v => Array.IndexOf(Versions, v) < 0 ? $"unknown TLS version: {v}" : null,
    };
}
